# One job for all encoders of the main objective and the controls: it compares them with each other.
rule representation:
    input:
        spec=f"{SPECS}/representation.json",
        tasks=rules.tasks.output,
        transfer=rules.transfer_all.input,
    output:
        expand(
            f"{DATA}/representation/{{name}}.csv",
            name=["similarity", "quality", "maps"],
        ),
    log:
        f"{LOGS}/representation.log",
    benchmark:
        f"{LOGS}/benchmark/representation.tsv"
    conda:
        "../envs/study.yaml"
    resources:
        gpu=GPU,
    params:
        data=DATA,
        out=f"{DATA}/representation",
    shell:
        "{INFOVIEWS} representation --spec {input.spec} --data {params.data} --out {params.out} 2> {log}"


rule representation_all:
    input:
        rules.representation.output,
