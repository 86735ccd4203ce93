"""What is wrong with a module's parameters is said by module and name, whatever way Params refuses them."""

from __future__ import annotations

import pytest

from infoviews import registry


def parameters(concept: str, name: str, given: dict | None) -> object:
    return registry.parameters(registry.get(concept, name), given)


def test_parameters_left_out_have_their_defaults() -> None:
    cosine = registry.get("critics", "cosine")
    assert parameters("critics", "cosine", None) == cosine.Params()
    assert parameters("critics", "cosine", {"temperature": 0.5}) == cosine.Params(temperature=0.5)


@pytest.mark.parametrize(
    ("concept", "name", "given", "error", "parts"),
    [
        ("critics", "cosine", {"temprature": 1}, KeyError, ["critics.cosine", "did you mean 'temperature'"]),
        ("critics", "cosine", {"temperature": -1}, ValueError, ["temperature is -1"]),
        ("critics", "cosine", {"temperature": "hot"}, ValueError, ["critics.cosine", "type", "temperature: 'hot'"]),
        ("views", "delete", None, ValueError, ["views.delete: no value for rate; given: none; known: rate: float"]),
        ("bases", "architecture", {"initial": "mlm"}, ValueError, ["no value for encoder", "given: initial: 'mlm'"]),
    ],
)
def test_wrong_parameters_are_named(
    concept: str, name: str, given: dict | None, error: type[Exception], parts: list[str]
) -> None:
    with pytest.raises(error) as raised:
        parameters(concept, name, given)
    assert all(part in raised.value.args[0] for part in parts), raised.value.args[0]


def test_an_unknown_module_is_named_with_the_nearest() -> None:
    with pytest.raises(KeyError, match="did you mean 'spans'"):
        registry.get("views", "span")
    assert registry.nearest("zzz", ["spans"]) == ""


def test_modules_are_parts_and_what_they_share_is_not() -> None:
    """Neither a file with an underscore nor a package: what several parts of a concept need lies in these."""
    assert "mr" in registry.names("transfer.tasks") and "_task" not in registry.names("transfer.tasks")
    assert "spans" in registry.names("views") and "materials" not in registry.names("views")
    with pytest.raises(KeyError, match="no views module named 'materials'"):
        registry.get("views", "materials")


def test_a_former_name_is_told_what_it_is_called_now() -> None:
    assert registry.nearest("rate", ["num_steps", "learning_rate"]) == ", now called 'learning_rate'"
    assert registry.nearest("rate", ["ratio"]) == ", did you mean 'ratio'?"
    with pytest.raises(KeyError, match="unknown parameter 'steps', now called 'num_steps'"):
        parameters("bases", "mlm", {"initial": "skipgram", "steps": 4})
