/** What storyboards look like: in the report's style sheet, and in a picture by itself. Tokens as in the app. */
export const STORY_STYLE = `.story{--card:#fff;--ground:#fbfbfb;--line2:#d0d0d0;--text:#1b1b1b;--dim:#5f5f5f;--accent:#005fb8;--error:#b3261e;--error-bg:#fdecea;--ok:#0f6d2f;--ok-bg:#e3f4e7;--mark:#fff3b0;max-height:none}
@media (prefers-color-scheme:dark){.story{--card:#2d2d2d;--ground:#262626;--line2:#4a4a4a;--text:#f2f2f2;--dim:#b8b8b8;--accent:#60b8ff;--error:#ff8a80;--error-bg:#47231f;--ok:#7fd796;--ok-bg:#1c3a25;--mark:#5a4b00}}
@media print{.story{--card:#fff;--ground:#fff;--line2:#999;--text:#000;--dim:#444;--error:#8c1d18;--error-bg:#fff;--ok:#0b5424;--ok-bg:#fff;--mark:#fff3b0}}
.story text{font:12px "Segoe UI",system-ui,sans-serif;fill:var(--text)}
.story text.name,.story text.place,.story text.verdict{font-weight:600}
.story text.dim{font-size:11px;fill:var(--dim)}
.story text.mono{font:11px "Cascadia Mono",Consolas,"DejaVu Sans Mono",ui-monospace,monospace}
.story text.ok{fill:var(--ok)}.story text.error{fill:var(--error)}
.story .ground{fill:var(--ground);stroke:none}
.story .panel rect{fill:var(--card);stroke:var(--line2);stroke-width:1;stroke-dasharray:none}
.story .panel.reply rect{stroke-dasharray:4 3}
.story .panel.ok>rect:first-of-type{fill:var(--ok-bg);stroke:var(--ok)}
.story .panel.error>rect:first-of-type{fill:var(--error-bg);stroke:var(--error);stroke-width:2}
.story .panel.not-checked>rect:first-of-type{stroke:var(--dim);stroke-dasharray:4 3}
.story .panel rect.changed{fill:var(--mark);stroke:none}
.story path.way{fill:none;stroke:var(--dim);stroke-width:1.5}`;
