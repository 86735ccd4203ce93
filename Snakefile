configfile: "params.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/tasks.smk"
include: "workflow/rules/corpus.smk"
include: "workflow/rules/views.smk"
include: "workflow/rules/base.smk"
include: "workflow/rules/pretrain.smk"
include: "workflow/rules/transfer.smk"
include: "workflow/rules/information.smk"
include: "workflow/rules/representation.smk"
include: "workflow/rules/sweetspot.smk"
include: "workflow/rules/report.smk"


rule all:
    default_target: True
    input:
        rules.report_all.input,
