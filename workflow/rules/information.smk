# Views of published methods are trained on and not measured: their cells stand beside the curve.
MEASURED = [
    name
    for name, view in STUDY["views"]["settings"].items()
    if view.get("role") != "system"
]
FEATURES = STUDY["information"]["features"]


rule information:
    input:
        spec=f"{SPECS}/information/{{setting}}.json",
        views=rules.views.output.facts,
        encoders=[run_record(base) for base in FEATURES],
    output:
        f"{DATA}/information/{{setting}}.json",
    log:
        f"{LOGS}/information/{{setting}}.log",
    benchmark:
        f"{LOGS}/benchmark/information/{{setting}}.tsv"
    conda:
        "../envs/study.yaml"
    resources:
        gpu=GPU,
    params:
        views=subpath(input.views, parent=True),
        encoders=" ".join(
            f"--encoder {base}={Path(run_record(base)).parent}" for base in FEATURES
        ),
    shell:
        "{INFOVIEWS} information --spec {input.spec} --views {params.views} {params.encoders} --out {output} 2> {log}"


rule information_all:
    input:
        expand(rules.information.output, setting=MEASURED),
