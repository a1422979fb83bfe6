"""Draw the pictures of messages in `how-to/pictures`, as telephones show them; run by hand, it needs Chromium.

`python docs/message_pictures.py` renders notices of the example in `examples/large` by the library, dresses them like
the services do, and takes a picture of each.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

import coopgov
from coopgov.cases.cases import Cases
from coopgov.cases.catch_up import catch_up
from coopgov.notify import Background, render_notices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgov.cases.notice import Notice

HERE = Path(__file__).parent
PICTURES = HERE / "how-to" / "pictures"
LAST = date(2026, 11, 30)
WIDTH = 400
FONT = "15px/1.5 'Noto Sans CJK SC','Noto Sans',sans-serif"
PAGE = f"""<!DOCTYPE html><meta charset="utf-8"><style>
body{{margin:0;padding:14px;background:#ededed;font:{FONT};color:#1f2328}}
.bubble{{background:#fff;border-radius:8px;padding:10px 14px;max-width:350px;overflow-wrap:anywhere}}
.who{{font-size:12px;color:#777;margin:0 0 4px 2px}}
p{{margin:6px 0}} blockquote{{margin:4px 0;padding-left:8px;border-left:3px solid #ddd;color:#555}}
h4{{margin:2px 0 8px}} code{{font-size:12px;color:#57606a}} a{{color:#2a6fdb}}
.warning{{color:#d9730d}} .comment{{color:#777}} .info{{color:#2a8a3f}} .at{{color:#2a6fdb}}
.card{{background:#fff;border-radius:8px;overflow:hidden;max-width:360px}}
.head{{padding:8px 14px;font-weight:600}} .body{{padding:6px 14px}}
.red{{background:#fde2e2}} .orange{{background:#feead2}} .yellow{{background:#faf1d1}} .blue{{background:#e1eaff}}
pre{{white-space:pre-wrap;font:inherit;margin:0}}
</style>"""


def main() -> None:
    """Draw all pictures."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("needs Chromium")
    PICTURES.mkdir(exist_ok=True)
    for name, (html, height) in pages().items():
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.html"
            page.write_text(html, encoding="utf-8")
            size = f"--window-size={WIDTH},{height}"
            flags = [
                "--headless",
                "--no-sandbox",
                "--hide-scrollbars",
                "--force-device-scale-factor=1.5",
                size,
            ]
            picture = f"--screenshot={PICTURES / name}.png"
            subprocess.run([browser, *flags, picture, str(page)], check=True, capture_output=True)  # noqa: S603  # Chromium


def pages() -> Mapping[str, tuple[str, int]]:
    """The page of each picture, and its height."""
    agreement, notices = sample()
    background = Background(agreement, link="https://example.org/cases/{case}", people={"li": "li.na"})
    plain = Background(agreement, link="https://example.org/cases/{case}")

    def payload(
        kind: Any, language: str = "zh-Hans", known: Background = background, **more: Any
    ) -> dict[str, Any]:
        return render_notices(kind, notices, language, background=known, **more)[0]

    wecom = _marked(payload("wecom")["markdown"]["content"])
    dingtalk = _marked(payload("dingtalk", keyword="协作")["markdown"]["text"])
    card = payload("feishu")["card"]
    feishu = (
        f'<div class="card"><div class="head {card["header"]["template"]}">'
        f"{escape(card['header']['title']['content'])}</div>"
        f'<div class="body">{_marked(card["elements"][0]["content"])}</div></div>'
    )
    apprise = payload("apprise", "en", plain)
    return {
        "wecom": (_bubble("coopgov", wecom), 300),
        "dingtalk": (_bubble("coopgov", dingtalk), 305),
        "feishu": (PAGE + feishu, 275),
        "email": (payload("email", "zh-Hans", plain)["html"], 370),
        "apprise": (
            _bubble("coopgov", f"<b>{escape(apprise['title'])}</b><pre>{escape(apprise['body'])}</pre>"),
            360,
        ),
    }


def sample() -> tuple[coopgov.Agreement, Sequence[Notice]]:
    """An agreement, and a milestone that has become critical: who is asked, and who is informed."""
    agreement = coopgov.load_agreement(HERE.parent / "examples" / "large" / "agreement.yaml")
    step = catch_up(Cases.begin(agreement.id, date(2026, 11, 16)), agreement, coopgov.load_rules(), to=LAST)
    return agreement, [each for each in step.notices if each.on == LAST and each.rule == "milestone-missed"]


def _bubble(who: str, body: str) -> str:
    return f'{PAGE}<p class="who">{who}</p><div class="bubble">{body}</div>'


def _marked(text: str) -> str:
    """Markdown as the services draw it: a line is a line, and their own tags have colours."""
    text = text.replace('<font color="', '<span class="').replace("</font>", "</span>")
    text = text.replace("<at id=", "<@").replace("></at>", ">")
    html = str(MarkdownIt("commonmark", {"html": True, "breaks": True}).render(text.replace("<@", "&lt;@")))
    return re.sub(r"(?:&lt;)?@li\.na(?:&gt;)?", '<span class="at">@\u674e\u5a1c</span>', html)


if __name__ == "__main__":
    main()
