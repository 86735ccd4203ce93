"""Each contrast against one written text by text."""

from __future__ import annotations

import pytest
import torch

from infoviews.contrasts import _local, future, layers, ngrams, sentences


@pytest.fixture
def model(slow, tokenizer):
    return slow.encoder(tokenizer)


@pytest.fixture
def views(slow, model):
    return [slow.encode(model, rows, padding=2) for rows in slow.pairs(3).views]


def fixed(monkeypatch: pytest.MonkeyPatch, ranks: list[list[int]]) -> list[list[int]]:
    """Positions drawn one list after another, instead of at random; each is a rank among a text's real tokens."""
    left = iter(ranks)
    monkeypatch.setattr(_local, "draw_positions", lambda mask: torch.tensor(next(left)))
    return ranks


def test_sentences_score_every_edge_of_the_graph(slow, model, views) -> None:
    critic = slow.critic()
    edges = {"pair": [(0, 1)], "core": [(0, 1), (0, 2)], "full": [(0, 1), (0, 2), (1, 2)]}
    for graph, expected in edges.items():
        contrast = slow.contrast("sentences", model, {"graph": graph}, views=3)
        found = contrast(views, critic)
        assert [(one.anchors, one.candidates) for one in found] == expected and contrast.matrices == len(expected)
        for one, (u, v) in zip(found, expected, strict=True):
            torch.testing.assert_close(one.scores, slow.table(critic, views[u].vectors, views[v].vectors))
    with pytest.raises(ValueError, match="graph is 'star'; allowed: 'pair', 'core', 'full'"):
        sentences.Params(graph="star")


def test_sentences_go_through_one_projection(slow, model, views) -> None:
    for projection, inner in (("mlp", torch.relu), ("tanh", torch.tanh)):
        contrast, critic = slow.contrast("sentences", model, {"projection": projection}), slow.critic()
        first, *rest = (layer for layer in contrast.head if isinstance(layer, torch.nn.Linear))
        sides = []
        for view in views[:2]:
            hidden = [inner(first.weight @ vector + first.bias) for vector in view.vectors]
            sides.append([rest[0].weight @ h + rest[0].bias for h in hidden] if rest else hidden)
        torch.testing.assert_close(contrast(views, critic)[0].scores, slow.table(critic, *sides))
    assert not list(slow.contrast("sentences", model).parameters())
    with pytest.raises(ValueError, match="projection is 'linear'; allowed: 'none', 'mlp', 'tanh'"):
        sentences.Params(projection="linear")


@pytest.mark.parametrize(("meet", "meetings"), [("across", [(0, 1), (1, 0)]), ("within", [(0, 0), (1, 1)])])
def test_tokens_meet_sentences(meet: str, meetings, slow, model, views, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = fixed(monkeypatch, [[0, 1, 2, 0, 3], [1, 2, 2, 1, 0], [4, 1, 0, 0, 1], [3, 2, 1, 0, 1]])
    contrast, critic = slow.contrast("tokens", model, {"meet": meet}), slow.critic()
    found = contrast(views, critic)
    for one, positions, (whole, part) in zip(found, drawn, meetings * 2, strict=True):
        tokens = [contrast.local(views[part].states[-1][i, t]) for i, t in enumerate(positions)]
        torch.testing.assert_close(one.scores, slow.table(critic, views[whole].vectors, tokens))


def test_positions_are_uniform_among_real_tokens_wherever_they_stand() -> None:
    mask = torch.tensor([[1, 1, 1, 0, 0], [0, 0, 1, 1, 0], [1, 0, 0, 0, 0], [0, 1, 0, 1, 1]]).repeat(4000, 1)
    torch.manual_seed(0)
    drawn = _local.draw_positions(mask).view(4000, 4)
    for text in range(4):
        share = torch.bincount(drawn[:, text], minlength=5) / 4000
        torch.testing.assert_close(share, mask[text] / mask[text].sum(), rtol=0, atol=0.03)
        assert (share > 0).tolist() == (mask[text] > 0).tolist()


def test_ngrams_are_convolutions_over_the_text_alone(slow, model, views, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every window of a text, by ``conv1d`` over that text without its padding, at the positions drawn."""
    drawn = fixed(monkeypatch, [[0, 1, 2, 0, 6], [1, 2, 8, 1, 0]])
    contrast, critic = (
        slow.contrast("ngrams", model, {"rounds": 1, "sizes": [1, 2, 3, 5], "meet": "across"}),
        slow.critic(),
    )
    for one, positions, (whole, part) in zip(contrast(views, critic), drawn, [(0, 1), (1, 0)], strict=True):
        grams = []
        for i, t in enumerate(positions):
            text = views[part].states[-1][i, slow.real(views[part], i)].T[None]  # (1, H, L)
            maps = []
            for convolution in contrast.convolutions:
                n = convolution.kernel_size[0]
                around = torch.nn.functional.pad(text, ((n - 1) // 2, n // 2))
                maps.append(convolution(around)[0, :, t].relu())
            grams.append(contrast.local(torch.cat(maps)))
        torch.testing.assert_close(one.scores, slow.table(critic, views[whole].vectors, grams))
    with pytest.raises(ValueError, match="sizes is"):
        ngrams.Params(sizes=())


def test_layers_meet_in_both_directions_with_limit_and_penalty(
    slow, model, views, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = fixed(monkeypatch, [[0, 1, 2, 0, 3], [1, 2, 0, 1, 4]])
    contrast, critic = slow.contrast("layers", model, {"layers": [-1, 0], "clip": 0.5, "penalty": 0.1}), slow.critic()
    found = contrast(views, critic)
    tokens = [
        [
            [to(view.states[layer][i, t]) for i, t in enumerate(positions)]
            for layer, to in zip([-1, 0], contrast.tokens, strict=True)
        ]
        for view, positions in zip(views[:2], drawn, strict=True)
    ]
    expected = []
    for u, v in ((0, 1), (1, 0)):
        whole = [contrast.whole(vector) for vector in views[u].vectors]
        expected += [(whole, tokens[v][0]), (whole, tokens[v][1]), (tokens[u][0], tokens[v][0])]
    for one, (x, y) in zip(found, expected, strict=True):
        raw = slow.table(critic, x, y)
        torch.testing.assert_close(one.scores, 0.5 * torch.tanh(raw / 0.5))
        torch.testing.assert_close(one.penalty, 0.1 * (raw**2).mean())
    with pytest.raises(ValueError, match=r"layers 0 to 2 \(or -1 to -3\); given \[4\]"):
        slow.contrast("layers", model, {"layers": [4]})
    with pytest.raises(ValueError, match="clip is 0"):
        layers.Params(clip=0.0)


@pytest.mark.parametrize("pooling", ["mean", "max", "cls"])
def test_future_parts_are_predicted_from_the_parts_read(slow, pooling: str, tokenizer) -> None:
    model = slow.encoder(tokenizer, pooling=pooling)
    views = [slow.encode(model, rows) for rows in slow.pairs().views]
    contrast, critic = slow.contrast("future", model, {"parts": 3}), slow.critic()

    def parts(view) -> list[list[torch.Tensor]]:
        found = []
        for i in range(slow.TEXTS):
            real = slow.real(view, i)
            size = len(real)
            cuts = [real[size * k // 3 : max(size * (k + 1) // 3, size * k // 3 + 1)] for k in range(3)]
            assert all(cuts)
            found.append([model.pool(view.states[-1][i, cut][None], torch.ones(1, len(cut)))[0] for cut in cuts])
        return found

    past, coming = parts(views[0]), parts(views[1])
    contexts = [contrast.context(torch.stack(one)[None])[1][0, 0] for one in past]
    for k, one in enumerate(contrast(views, critic)):
        expected = slow.table(critic, [contrast.maps[k](c) for c in contexts], [one[k] for one in coming])
        torch.testing.assert_close(one.scores, expected)
    with pytest.raises(ValueError, match="parts is 0"):
        future.Params(parts=0)
