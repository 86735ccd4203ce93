rule transfer:
    input:
        specs=lambda wildcards: specs_of("transfer", wildcards.shard),
        protocol=f"{SPECS}/transfer.json",
        tasks=rules.tasks.output.manifest,
        bases=rules.base_all.input,
        cells=rules.pretrain_all.input,
    output:
        f"{DATA}/shards/transfer/{{shard}}.json",
    log:
        f"{LOGS}/transfer/{{shard}}.log",
    benchmark:
        f"{LOGS}/benchmark/transfer/{{shard}}.tsv"
    conda:
        "../envs/study.yaml"
    resources:
        gpu=GPU,
    params:
        data=DATA,
        devices=lambda wildcards: devices_of(wildcards.shard),
    shell:
        "{params.devices}{INFOVIEWS} transfer {input.specs} --data {params.data} --manifest {output} 2> {log}"


rule transfer_all:
    input:
        expand(rules.transfer.output, shard=shards_of("transfer")),
