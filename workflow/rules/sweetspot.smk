rule sweetspot:
    input:
        spec=f"{SPECS}/sweetspot.json",
        transfer=rules.transfer_all.input,
        information=rules.information_all.input,
        views=rules.views_all.input,
        cells=rules.pretrain_all.input,
        representation=rules.representation.output,
    output:
        expand(
            f"{DATA}/sweetspot/{{name}}",
            name=["results.csv", "results.parquet", "settings.csv", "shape.json"],
        ),
    log:
        f"{LOGS}/sweetspot.log",
    benchmark:
        f"{LOGS}/benchmark/sweetspot.tsv"
    conda:
        "../envs/study.yaml"
    params:
        data=DATA,
        out=f"{DATA}/sweetspot",
    shell:
        "{INFOVIEWS} sweetspot --spec {input.spec} --data {params.data} --out {params.out} 2> {log}"


rule sweetspot_all:
    input:
        rules.sweetspot.output,
