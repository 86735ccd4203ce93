rule base:
    input:
        specs=lambda wildcards: specs_of("base", wildcards.shard),
        corpus=rules.corpus.output.statistics,
    output:
        f"{DATA}/shards/base/{{shard}}.json",
    log:
        f"{LOGS}/base/{{shard}}.log",
    benchmark:
        f"{LOGS}/benchmark/base/{{shard}}.tsv"
    conda:
        "../envs/study.yaml"
    threads: lambda wildcards: threads_of_bases(wildcards.shard)
    resources:
        gpu=GPU,
    params:
        data=DATA,
        devices=lambda wildcards: devices_of(wildcards.shard),
    shell:
        "{params.devices}{INFOVIEWS} base {input.specs} --data {params.data} --manifest {output} 2> {log}"


rule base_all:
    input:
        expand(rules.base.output, shard=shards_of("base")),
