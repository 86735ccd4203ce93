# With several GPUs a cell, as many processes share its batches.
TORCHRUN = f"-m torch.distributed.run --standalone --nproc-per-node {GPU} -m infoviews"
PRETRAIN = INFOVIEWS.replace("-m infoviews", TORCHRUN) if GPU > 1 else INFOVIEWS


rule pretrain:
    input:
        specs=lambda wildcards: specs_of("pretrain", wildcards.shard),
        bases=rules.base_all.input,
        views=rules.views_all.input,
    output:
        f"{DATA}/shards/pretrain/{{shard}}.json",
    log:
        f"{LOGS}/pretrain/{{shard}}.log",
    benchmark:
        f"{LOGS}/benchmark/pretrain/{{shard}}.tsv"
    conda:
        "../envs/study.yaml"
    threads: STUDY["threads"]["pretrain"]
    resources:
        gpu=GPU,
    params:
        data=DATA,
        devices=lambda wildcards: devices_of(wildcards.shard),
    shell:
        "{params.devices}{PRETRAIN} pretrain {input.specs} --data {params.data} --manifest {output} 2> {log}"


rule pretrain_all:
    input:
        expand(rules.pretrain.output, shard=shards_of("pretrain")),
