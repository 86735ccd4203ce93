def initial_record(wildcards):
    """run.json of the base that this one starts from, if it starts from one."""
    initial = phases.initial_of(STUDY, wildcards.base)
    return run_record(initial) if initial else []


rule base:
    input:
        spec=f"{SPECS}/base/{{base}}.json",
        corpus=rules.corpus.output.statistics,
        initial=initial_record,
    output:
        history=f"{DATA}/base/{{base}}/history.csv",
        run=f"{DATA}/base/{{base}}/run.json",
    log:
        f"{LOGS}/base/{{base}}.log",
    benchmark:
        f"{LOGS}/benchmark/base/{{base}}.tsv"
    conda:
        "../envs/study.yaml"
    threads: lambda wildcards: specs.base_threads(STUDY, wildcards.base)
    resources:
        gpu=GPU,
    params:
        corpus=subpath(input.corpus, parent=True),
        out=subpath(output.run, parent=True),
        initial=lambda wildcards, input: (
            f"--initial {Path(input.initial).parent}" if input.initial else ""
        ),
    shell:
        "{INFOVIEWS} base --spec {input.spec} --corpus {params.corpus} {params.initial} --out {params.out} 2> {log}"


rule base_all:
    input:
        expand(rules.base.output.run, base=BASES),
