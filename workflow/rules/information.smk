rule information:
    input:
        specs=lambda wildcards: specs_of("information", wildcards.shard),
        bases=rules.base_all.input,
        views=rules.views_all.input,
    output:
        f"{DATA}/shards/information/{{shard}}.json",
    log:
        f"{LOGS}/information/{{shard}}.log",
    benchmark:
        f"{LOGS}/benchmark/information/{{shard}}.tsv"
    conda:
        "../envs/study.yaml"
    resources:
        gpu=GPU,
    params:
        data=DATA,
        devices=lambda wildcards: devices_of(wildcards.shard),
    shell:
        "{params.devices}{INFOVIEWS} information {input.specs} --data {params.data} --manifest {output} 2> {log}"


rule information_all:
    input:
        expand(rules.information.output, shard=shards_of("information")),
