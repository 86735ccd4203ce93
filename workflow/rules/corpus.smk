def overlap(wildcards, input):
    """Published evaluation sentences are kept out of the corpus; the language's tasks share its grammar by design."""
    return (
        ""
        if STUDY["tasks"]["source"] == "language"
        else f"--tasks {Path(input.tasks).parent}"
    )


rule corpus:
    input:
        spec=f"{SPECS}/corpus.json",
        tasks=rules.tasks.output.sentences,
    output:
        arrays=expand(
            f"{DATA}/corpus/{{name}}.npy",
            name=["tokens", "sentences", "documents", "split"],
        ),
        documents=f"{DATA}/corpus/documents.parquet",
        tokenizer=f"{DATA}/corpus/tokenizer/tokenizer.json",
        statistics=f"{DATA}/corpus/statistics.json",
    log:
        f"{LOGS}/corpus.log",
    benchmark:
        f"{LOGS}/benchmark/corpus.tsv"
    conda:
        "../envs/study.yaml"
    threads: 8
    params:
        out=subpath(output.statistics, parent=True),
        overlap=overlap,
    shell:
        "{INFOVIEWS} corpus --spec {input.spec} {params.overlap} --out {params.out} --processes {threads} 2> {log}"


rule corpus_all:
    input:
        rules.corpus.output,
