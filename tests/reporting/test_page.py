"""The page in a real browser, and what can be known of it without one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

from infoviews.reporting.figures.interactive import ENTRY, PLOT, plot
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.pages.html import shortened, write_page
from infoviews.reporting.pages.information import information_frame
from infoviews.reporting.pages.transfer import transfer_frame

CHROMIUM = shutil.which("chromium")
HARNESS = """<script>
window.seen = []; window.onerror = (m) => { seen.push(String(m)); };
window.onunhandledrejection = (e) => { seen.push(String(e.reason)); };
addEventListener("load", () => setTimeout(() => {
  const column = (table, i) => [...document.querySelector("#" + table).nextElementSibling.nextElementSibling
    .querySelectorAll("tbody tr")].map((row) => row.cells[i].textContent);
  const press = (table, i) => document.querySelector("#" + table).nextElementSibling.nextElementSibling
    .querySelectorAll("th button")[i].click();
  const out = { seen };
  press("points", 2); out.up = column("points", 2);
  press("points", 2); out.down = column("points", 2);
  press("information", 0); out.names = column("information", 0);
  const sources = Bokeh.documents[0].roots()[0].renderers.filter((r) => r.glyph.type === "Scatter");
  out.settings = sources.flatMap((r) => r.data_source.data.setting);
  out.wide = document.documentElement.scrollWidth > innerWidth;
  out.still = document.getElementById("still") !== null;
  document.body.innerHTML = "<pre id='out'></pre>";
  document.getElementById("out").textContent = JSON.stringify(out);
}, 3000));
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
    assert [m for m in found["seen"] if "ResizeObserver" not in m] == []
    scores = [float(text.split()[0]) for text in found["up"]]
    assert scores == sorted(scores) and len(scores) == 7
    assert [float(text.split()[0]) for text in found["down"]] == sorted(scores, reverse=True)
    assert found["names"][::2] == [f"spans-{2**i}" for i in range(7)]
    assert sorted(found["settings"]) == sorted(2 * [s["name"] for s in finished.spec["settings"]])
    assert not found["wide"] and not found["still"]


def test_a_long_legend_leaves_the_plot_its_room(finished):
    drawn = plot(Inputs(finished.spec, finished.data))
    assert drawn.height >= PLOT + ENTRY * len(drawn.legend[0].items) / drawn.legend[0].ncols


def test_page_needs_no_network_and_is_small(page):
    text = page.read_text()
    assert page.stat().st_size < 1.5e6
    outside = re.sub(r'<script id="library".*?</script>', "", text, flags=re.DOTALL)
    assert not re.search(r"""(src|href)=["'](?!data:|#)""", outside) and "http" not in outside


def test_page_is_left_alone_when_only_the_provenance_changed(finished, study):
    shutil.copytree(finished.data, study.data, dirs_exist_ok=True)
    shutil.copytree(finished.reports, study.reports)
    inputs = Inputs(finished.spec, study.data)
    page = study.reports / "index.html"
    before = page.read_bytes()

    def write():
        write_page(inputs, transfer_frame(inputs), information_frame(inputs), study.reports)
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
