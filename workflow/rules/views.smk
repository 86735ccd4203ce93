rule views:
    input:
        spec=f"{SPECS}/views/{{setting}}.json",
        corpus=rules.corpus.output.statistics,
    output:
        facts=f"{DATA}/views/{{setting}}/facts.json",
    log:
        f"{LOGS}/views/{{setting}}.log",
    benchmark:
        f"{LOGS}/benchmark/views/{{setting}}.tsv"
    conda:
        "../envs/study.yaml"
    params:
        corpus=subpath(input.corpus, parent=True),
        out=subpath(output.facts, parent=True),
    shell:
        "{INFOVIEWS} views --spec {input.spec} --corpus {params.corpus} --out {params.out} 2> {log}"


rule views_all:
    input:
        expand(rules.views.output.facts, setting=SETTINGS),
