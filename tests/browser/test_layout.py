"""The rows of the grid, over random albums: nothing is lost, nothing overlaps."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import Serve, Visit
from tests.ui.fakes import FakeLibrary
from ui.files import Assets

LAY_OUT = """async ([address, seed]) => {
  const { Layout } = await import(address);
  let state = seed;
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
  const shapes = [1.5, 0.75, 1, 1.78, 0.2, 9];
  const wrong = [];
  for (let round = 0; round < 500; round += 1) {
    const sections = [];
    let count = 0;
    for (let left = Math.ceil(random() * 8); left > 0; left -= 1) {
      const photos = Math.ceil(random() ** 3 * 60);
      sections.push({ title: "May 2026", short: "", year: 2026, count: photos });
      count += photos;
    }
    const ratios = Array.from({ length: count },
      () => shapes[Math.floor(random() ** 2 * shapes.length)]);
    const width = 300 + random() * 1600;
    const layout = new Layout({ count, ids: [], colours: [], ratios, sections }, {
      width, rowHeight: 200, gap: 4, titleHeight: 50, sectionGap: 20, sectionWidth: 190,
      shelfGap: 28, below: 0, narrowest: 0.5, widest: 3.2 });
    const say = (what) => wrong.push([round, what]);
    if (layout.starts.at(-1) !== count) say("photos lost");
    if (layout.sectionTops.length !== sections.length) say("sections lost");
    layout.tops.forEach((top, row) => {
      let right = layout.lefts[row] - 4;
      for (let index = layout.starts[row]; index < layout.starts[row + 1]; index += 1) {
        right += layout.ratio(index) * layout.heights[row] + 4;
        if (layout.rowOf(index) !== row) say("row not found");
      }
      if (right > width + 0.5) say("sticks out");
      if (layout.heights[row] < 60 || layout.heights[row] > 271) say("odd height");
      if (layout.starts[row + 1] <= layout.starts[row]) say("empty row");
      if (row === 0) return;
      const above = layout.tops[row - 1];
      if (top < above) say("out of order");
      if (top > above && top < above + layout.heights[row - 1]) say("overlap");
    });
    if (layout.height < layout.tops.at(-1) + layout.heights.at(-1)) say("too short");
  }
  return wrong;
}"""


def lay_out(page: Any, seed: int) -> list[Any]:
    wrong: list[Any] = page.evaluate(LAY_OUT, [Assets().address("layout.js"), seed])
    return wrong


def test_random_albums(serve: Serve, visit: Visit) -> None:
    page = visit.open(serve(FakeLibrary()).address, ready="empty")
    assert lay_out(page, 11) == []
    assert lay_out(page, 4711) == []
