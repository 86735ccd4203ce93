rule tasks:
    input:
        spec=f"{SPECS}/tasks.json",
    output:
        manifest=f"{DATA}/tasks/manifest.json",
        sentences=f"{DATA}/tasks/sentences.txt",
    log:
        f"{LOGS}/tasks.log",
    benchmark:
        f"{LOGS}/benchmark/tasks.tsv"
    conda:
        "../envs/study.yaml"
    params:
        out=subpath(output.manifest, parent=True),
    shell:
        "{INFOVIEWS} tasks --spec {input.spec} --out {params.out} 2> {log}"


rule tasks_all:
    input:
        rules.tasks.output,
