rule corpus:
    input:
        spec=f"{SPECS}/corpus.json",
        tasks=rules.tasks.output.sentences,
    output:
        arrays=expand(f"{DATA}/corpus/{{name}}.npy", name=["tokens", "sentences", "documents", "split"]),
        documents=f"{DATA}/corpus/documents.parquet",
        tokenizer=f"{DATA}/corpus/tokenizer/tokenizer.json",
        statistics=f"{DATA}/corpus/statistics.json",
    params:
        out=subpath(output.statistics, parent=True),
        tasks=subpath(input.tasks, parent=True),
    log:
        f"{LOGS}/corpus.log",
    benchmark:
        f"{LOGS}/benchmark/corpus.tsv"
    threads: workflow.cores
    conda:
        "../envs/study.yaml"
    shell:
        "{INFOVIEWS} corpus --spec {input.spec} --tasks {params.tasks} --out {params.out} 2> {log}"


rule corpus_all:
    input:
        rules.corpus.output,
