rule transfer_cell:
    input:
        spec=f"{SPECS}/transfer.json",
        checkpoint=rules.pretrain.output.run,
        made_from=rules.pretrain.input.spec,
        tasks=rules.tasks.output.manifest,
    output:
        f"{DATA}/transfer/{{cell}}.json",
    log:
        f"{LOGS}/transfer/{{cell}}.log",
    benchmark:
        f"{LOGS}/benchmark/transfer/{{cell}}.tsv"
    conda:
        "../envs/study.yaml"
    resources:
        gpu=GPU,
    params:
        checkpoint=subpath(input.checkpoint, parent=True),
        tasks=subpath(input.tasks, parent=True),
    shell:
        "{INFOVIEWS} transfer --spec {input.spec} --checkpoint {params.checkpoint}"
        " --checkpoint-spec {input.made_from} --tasks {params.tasks} --out {output} 2> {log}"


use rule transfer_cell as transfer_base with:
    input:
        spec=f"{SPECS}/transfer.json",
        checkpoint=rules.base.output.run,
        made_from=rules.base.input.spec,
        tasks=rules.tasks.output.manifest,
    output:
        f"{DATA}/transfer/{{base}}.json",
    log:
        f"{LOGS}/transfer/{{base}}.log",
    benchmark:
        f"{LOGS}/benchmark/transfer/{{base}}.tsv"


rule transfer_all:
    input:
        expand(rules.transfer_base.output, base=BASES),
        expand(rules.transfer_cell.output, cell=CELLS),
