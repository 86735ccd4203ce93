"""The page in a real browser, and what can be known of it without one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

from infoviews.reporting.inputs import Inputs
from infoviews.reporting.pages.html import shortened, write_page
from infoviews.reporting.pages.transfer import transfer_frame

CHROMIUM = shutil.which("chromium")
HARNESS = """<script>
window.seen = []; window.onerror = (m) => { seen.push(String(m)); };
window.onunhandledrejection = (e) => { seen.push(String(e.reason)); };
addEventListener("load", () => {
  const table = (name) => document.querySelector(`#${name}-table .table`);
  const column = (name, i) => [...table(name).querySelectorAll("tbody tr")].map((row) => row.cells[i].textContent);
  const press = (name, i) => table(name).querySelectorAll("th button")[i].click();
  const seenRows = () => [...table("verdicts").querySelectorAll("tbody tr")].filter((r) => r.offsetHeight).length;
  const out = { seen };
  press("points", 2); out.up = column("points", 2);
  press("points", 2); out.down = column("points", 2);
  press("information", 0); out.names = column("information", 0);
  out.few = seenRows(); table("verdicts").querySelector(".rest").open = true; out.all = seenRows();
  out.csv = csv(table("points").querySelector("table"));
  const visible = marks.filter((mark) => mark.getBoundingClientRect().width > 0);
  out.tips = visible.map((mark) => mark.dataset.tip);
  const box = visible[0].getBoundingClientRect();
  const at = { clientX: box.right + 3, clientY: box.top, bubbles: true };
  visible[0].closest("svg").dispatchEvent(new PointerEvent("pointermove", at));
  out.shown = tip.hidden ? "" : tip.textContent;
  visible[0].closest("svg").dispatchEvent(new PointerEvent("pointerleave", at));
  out.left = tip.hidden;
  out.wide = document.documentElement.scrollWidth > innerWidth;
  out.width = innerWidth;
  const scale = (m) => Math.hypot(m.a, m.b);
  const size = (node) => scale(node.getScreenCTM()) * Number.parseFloat(getComputedStyle(node).fontSize);
  const letters = [...document.querySelectorAll("figure svg text")].filter((n) => n.getBoundingClientRect().width);
  out.letters = Math.min(...letters.map(size));
  document.body.innerHTML = "<pre id='out'></pre>";
  document.getElementById("out").textContent = JSON.stringify(out);
});
</script></body>"""


@pytest.fixture
def page(finished):
    return finished.reports / "index.html"


def rendered(page, folder, width: int) -> dict:
    """What the page looks like from inside headless Chromium."""
    tried = folder / "tried.html"
    tried.write_text(page.read_text().replace("</body>", HARNESS))
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    command += [f"--window-size={width},900", "--virtual-time-budget=20000", "--dump-dom", tried.as_uri()]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120).stdout
    found = re.search(r'<pre id="out">(.*?)</pre>', dom, re.DOTALL)
    assert found, dom[-2000:]
    return json.loads(found[1].replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))


@pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
@pytest.mark.parametrize("width", [1280, 500])
def test_page_works_in_a_browser(page, finished, tmp_path, width):
    found = rendered(page, tmp_path, width)
    assert found["seen"] == [] and found["width"] == width and not found["wide"]
    scores = [float(text.split()[0]) for text in found["up"]]
    assert scores == sorted(scores) and len(scores) == 7
    assert [float(text.split()[0]) for text in found["down"]] == sorted(scores, reverse=True)
    assert found["names"] == [f"spans-{2**i}" for i in range(7)]
    assert found["few"] == 10 and found["all"] == 14
    assert found["csv"].startswith(
        "views,information (nats),information (nats) low,information (nats) high,transfer (%),"
    )
    assert found["csv"].count("\n") == 8
    # Every setting of every objective has its numbers where it is drawn.
    tips = [tip.split("\n") for tip in found["tips"]]
    for objective in ("InfoNCE", "JSD"):
        told = {tip[0] for tip in tips if len(tip) > 2 and tip[2].startswith(f"{objective},")}
        assert told == {setting["name"] for setting in finished.spec["settings"]}
    assert found["shown"] == found["tips"][0] and found["left"]
    assert found["letters"] > 15.9, "the text of a figure is no smaller than that of the page"


def test_page_needs_no_network_and_is_small(page):
    text = page.read_text()
    assert page.stat().st_size < 900e3
    assert not re.search(r"""(src|href)=["'](?!data:|#)""", text)
    assert set(re.findall(r"http[^ \"']*", text)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_page_is_fit_to_be_read(page):
    text = page.read_text()
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids)) and set(re.findall(r'="#([^"]+)"', text)) <= set(ids)
    assert "`" not in re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    first = text[: text.index("<nav")]
    assert "How much information should two views of a text share?" in first and "<svg" in first
    assert first.index('class="answer"') < first.index("<svg") < first.index("How sure")


def test_page_is_left_alone_when_only_the_provenance_changed(finished, study):
    shutil.copytree(finished.data, study.data, dirs_exist_ok=True)
    shutil.copytree(finished.reports, study.reports)
    inputs = Inputs(finished.spec, study.data)
    page = study.reports / "index.html"
    before = page.read_bytes()

    def write():
        write_page(inputs, transfer_frame(inputs), study.reports)
        return page.read_bytes()

    study.write("checkpoints/infonce__spans-1__s0/run.json", {"status": "finished", "commit": "abc", "seconds": 12.0})
    assert write() == before
    page.unlink()
    text = write().decode()
    assert "abc" in text and "12 s of pretraining" in text
    inputs.record.absent.append({"name": "x", "status": "failed", "reason": "<b>stopped</b>"})
    assert "&lt;b&gt;stopped&lt;/b&gt;" in write().decode()


def test_long_texts_are_cut_at_a_word():
    assert shortened("one two three", 9) == "one two …" and shortened(None, 5) == ""
