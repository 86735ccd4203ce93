def start_of(wildcards):
    """The base that a cell starts from."""
    return specs.start_of(STUDY, wildcards.cell.split("__")[0])


# With several GPUs a cell, as many processes share its batches.
TORCHRUN = f"-m torch.distributed.run --standalone --nproc-per-node {GPU} -m infoviews"
PRETRAIN = INFOVIEWS.replace("-m infoviews", TORCHRUN) if GPU > 1 else INFOVIEWS


rule pretrain:
    input:
        spec=f"{SPECS}/pretrain/{{cell}}.json",
        base=lambda wildcards: run_record(start_of(wildcards)),
        base_spec=lambda wildcards: f"{SPECS}/base/{start_of(wildcards)}.json",
        views=lambda wildcards: f"{DATA}/views/{wildcards.cell.split('__')[1]}/facts.json",
    output:
        history=f"{DATA}/checkpoints/{{cell}}/history.csv",
        run=f"{DATA}/checkpoints/{{cell}}/run.json",
    log:
        f"{LOGS}/pretrain/{{cell}}.log",
    benchmark:
        f"{LOGS}/benchmark/pretrain/{{cell}}.tsv"
    conda:
        "../envs/study.yaml"
    threads: STUDY["threads"]["pretrain"]
    resources:
        gpu=GPU,
    params:
        base=subpath(input.base, parent=True),
        views=subpath(input.views, parent=True),
        out=subpath(output.run, parent=True),
    shell:
        "{PRETRAIN} pretrain --spec {input.spec} --base {params.base} --base-spec {input.base_spec}"
        " --views {params.views} --out {params.out} 2> {log}"


rule pretrain_all:
    input:
        expand(rules.pretrain.output.run, cell=CELLS),
