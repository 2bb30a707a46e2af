/// The page's style sheet, for phones and screens, light and dark.
enum PageStyle {
    static let css: Markup = """
        :root{color-scheme:light dark;--page:#f4f5f6;--card:#fff;--text:#1a1d20;--dim:#5d666f;--line:#dfe3e7;--accent:#1769aa;
        --good:#2e7d32;--warn:#9a5b00;--bad:#c62828;--track:#e6e9ec}
        @media(prefers-color-scheme:dark){:root{--page:#121517;--card:#1c2125;--text:#e8ebed;--dim:#9aa4ad;--line:#30373d;
        --accent:#6db3f2;--good:#81c784;--warn:#ffb74d;--bad:#ef9a9a;--track:#2c3339}}*{box-sizing:border-box}
        body{margin:0 auto;padding:.6rem 1rem;max-width:100rem;background:var(--page);color:var(--text);
        font:15px/1.4 system-ui,sans-serif;overflow-wrap:anywhere}p,ul,h1,h2,h3,h4,dl,dd{margin:0;padding:0}
        ul{list-style:none}a{color:var(--accent)}small,.dim{font-weight:normal;color:var(--dim)}h1{font-size:1.1rem}
        h2{font-size:1rem;margin:.8rem 0 .35rem}h3{font-size:1rem}h3 a{color:inherit;text-decoration:none}
        h3 a:hover,h3 a:focus{text-decoration:underline}h4{font-size:.85rem;margin:.45rem 0 .2rem}
        .top{display:flex;flex-wrap:wrap;gap:0 1rem;align-items:baseline}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,18rem),1fr));gap:.45rem;align-items:start}
        .entries{columns:34rem;column-gap:.45rem}.rows{columns:23rem;column-gap:.45rem}
        .card,.row,.entry{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--line);
        border-radius:.4rem;padding:.45rem .6rem;min-width:0}
        .row,.entry{padding:.2rem .5rem;margin-bottom:.3rem;break-inside:avoid}
        .entry h3,.entry ul,.entry li:first-child{display:inline}.is-bad{border-left-color:var(--bad)}
        .is-warn{border-left-color:var(--warn)}.card>header,.row>header{display:flex;align-items:baseline;gap:0 .5rem}
        header>.note{flex:1 1 0;min-width:0;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
        header>h3,header>.dim{min-width:0}
        .pill{margin-left:auto;padding:0 .5rem;border-radius:1rem;border:1px solid;font-size:.8rem;white-space:nowrap}
        .tag{display:inline-block;padding:0 .35rem;border-radius:.25rem;border:1px solid;font-size:.75rem;font-weight:bold}
        .busy{color:var(--accent)}.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
        .calm{color:var(--dim)}.entry li,.health li{font-size:.9rem;margin-top:.1rem}
        .code{font-family:ui-monospace,monospace;font-size:.85em}.note{color:var(--dim);font-size:.85rem}
        .note strong{color:var(--text)}.line{font-size:.9rem;margin-top:.3rem}
        .bar{height:.5rem;margin:.3rem 0 .15rem;border-radius:.25rem;background:var(--track);overflow:hidden}
        .bar span{display:block;height:100%;background:var(--accent)}
        .values{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin-top:.25rem;font-size:.85rem}
        .values div{display:flex;gap:.35rem}.values dt{color:var(--dim)}
        .slots{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:.25rem}
        .slot{display:flex;flex-direction:column;border:1px solid var(--line);border-radius:.35rem;padding:.15rem .35rem;
        font-size:.8rem;line-height:1.35;min-width:0}.slot.empty,.chip.empty{color:var(--dim)}.slot.empty{border-style:dashed}
        .active.slot{border:2px solid var(--accent);padding:.1rem .3rem}.mark{color:var(--accent);font-size:.9em}
        .swatch{display:inline-block;width:.75rem;height:.75rem;border-radius:50%;border:1px solid var(--dim);
        margin-right:.25rem;vertical-align:-.08rem}
        .type{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-weight:600}.amount{color:var(--dim)}
        .rest{height:.25rem;border-radius:.2rem;background:var(--track);overflow:hidden;margin:.1rem 0}
        .rest span{display:block;height:100%;background:var(--good)}.rest .low{background:var(--warn)}
        .rest .lowest{background:var(--bad)}.chip{white-space:nowrap;margin-right:.25rem}.chip .low{color:var(--warn)}
        .chip .lowest{color:var(--bad);font-weight:bold}.spools{font-size:.8rem;line-height:1.4}
        .card .spools{margin-top:.3rem}.group{display:inline-block;margin-right:.5rem}.group .dim{white-space:nowrap}
        .brief p.note{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}.brief .chip{margin-right:0}
        .brief .chip:not(.active) .kind,.brief .chip:not(.active) .full{display:none}
        .health{margin-top:.3rem}.card footer{margin-top:.3rem;color:var(--dim);font-size:.75rem}
        .banner{background:#b3261e;color:#fff;padding:.5rem .9rem;border-radius:.4rem;margin:.5rem 0}
        .banner code{color:inherit;text-decoration:underline}code{font-family:ui-monospace,monospace}
        .links{margin-top:.8rem;font-size:.85rem}.links a{margin-right:1rem}
        """
}
