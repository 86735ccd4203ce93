rule views:
    input:
        specs=lambda wildcards: specs_of("views", wildcards.shard),
        corpus=rules.corpus.output.statistics,
    output:
        f"{DATA}/shards/views/{{shard}}.json",
    log:
        f"{LOGS}/views/{{shard}}.log",
    benchmark:
        f"{LOGS}/benchmark/views/{{shard}}.tsv"
    conda:
        "../envs/study.yaml"
    params:
        data=DATA,
    shell:
        "{INFOVIEWS} views {input.specs} --data {params.data} --manifest {output} 2> {log}"


rule views_all:
    input:
        expand(rules.views.output, shard=shards_of("views")),
