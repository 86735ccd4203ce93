# The first screen of the repository's README shows committed reports, of the studies that it names; other working
# folders have no such file.
README = (
    "--readme README.md"
    if REPORTS.startswith("reports/") and Path("README.md").is_file()
    else ""
)


rule report:
    input:
        spec=f"{SPECS}/report.json",
        sweetspot=rules.sweetspot.output,
        corpus=rules.corpus.output.statistics,
        information=rules.information_all.input,
        views=rules.views_all.input,
    output:
        readme=report(
            f"{REPORTS}/README.md", caption="../report/index.rst", category="Summary"
        ),
        transfer=report(
            f"{REPORTS}/transfer.csv",
            caption="../report/transfer.rst",
            category="Transfer",
        ),
        information=report(
            f"{REPORTS}/information.csv",
            caption="../report/information.rst",
            category="Information",
        ),
        curve=report(
            f"{REPORTS}/sweetspot.svg",
            caption="../report/sweetspot.rst",
            category="Sweet spot",
        ),
        questions=report(
            f"{REPORTS}/questions.md",
            caption="../report/questions.rst",
            category="Questions",
        ),
        points=f"{REPORTS}/curve.csv",
        corpus=report(
            f"{REPORTS}/corpus.csv", caption="../report/corpus.rst", category="Corpus"
        ),
        views=report(
            f"{REPORTS}/views.csv", caption="../report/views.rst", category="Views"
        ),
        metrics=f"{REPORTS}/metrics.json",
    log:
        f"{LOGS}/report.log",
    benchmark:
        f"{LOGS}/benchmark/report.tsv"
    conda:
        "../envs/study.yaml"
    params:
        data=DATA,
        out=REPORTS,
    shell:
        "{INFOVIEWS} report --spec {input.spec} --data {params.data} --out {params.out} {README} 2> {log}"


# Reports are in git, data are not: without the data as a target, a fresh clone would have nothing to do.
rule report_all:
    input:
        rules.report.output,
        rules.sweetspot.output,
