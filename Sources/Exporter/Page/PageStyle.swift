/// How the page looks: on a phone, on a screen, by day and by night.
enum PageStyle {
    static let css: Markup = """
        :root{color-scheme:light dark;--page:#f4f5f6;--card:#fff;--text:#1a1d20;--dim:#5d666f;--line:#dfe3e7;--accent:#1769aa;
        --good:#2e7d32;--warn:#b26a00;--bad:#c62828;--track:#e6e9ec}
        @media(prefers-color-scheme:dark){:root{--page:#121517;--card:#1c2125;--text:#e8ebed;--dim:#9aa4ad;--line:#30373d;
        --accent:#6db3f2;--good:#81c784;--warn:#ffb74d;--bad:#ef9a9a;--track:#2c3339}}
        *{box-sizing:border-box}body{margin:0 auto;padding:1rem;max-width:100rem;background:var(--page);color:var(--text);
        font:15px/1.45 system-ui,sans-serif}h1{font-size:1.35rem;margin:.25rem 0}h1 small,h3 small{font-weight:normal;
        color:var(--dim)}.summary{margin:.25rem 0 1rem;color:var(--dim)}a{color:var(--accent)}
        main{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr));gap:.9rem;align-items:start}
        .card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.8rem .9rem;min-width:0}
        .card>header{display:flex;align-items:baseline;gap:.5rem}.card h2{font-size:1.1rem;margin:0;overflow-wrap:anywhere}
        .model{color:var(--dim)}.is-down{border-color:var(--bad)}
        .pill{margin-left:auto;padding:.05rem .55rem;border-radius:1rem;border:1px solid;font-size:.85rem;white-space:nowrap}
        .busy{color:var(--accent)}.good{color:var(--good)}.warn{color:var(--warn)}.down{color:var(--bad)}.calm{color:var(--dim)}
        .task{margin:.2rem 0 0;color:var(--dim);overflow-wrap:anywhere}.problem{margin:.4rem 0 0;overflow-wrap:anywhere}
        .problem strong{color:var(--bad)}.bar{height:.55rem;margin-top:.5rem;border-radius:.3rem;background:var(--track);
        overflow:hidden}.bar span{display:block;height:100%;background:var(--accent)}.under{margin:.2rem 0 0;color:var(--dim);
        font-size:.9rem}.values{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin:.6rem 0 0}.values dt{color:var(--dim);
        font-size:.8rem}.values dd{margin:0}.unit h3{font-size:.9rem;margin:.7rem 0 .3rem}
        .slots{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(8.2rem,1fr));gap:.35rem}
        .slot{display:grid;grid-template-columns:auto auto 1fr;column-gap:.4rem;align-items:center;border:1px solid var(--line);
        border-radius:.4rem;padding:.3rem .45rem;font-size:.85rem}.slot.empty{color:var(--dim);border-style:dashed}
        .swatch{width:1rem;height:1rem;border-radius:50%;border:1px solid var(--dim)}.place{color:var(--dim)}
        .type{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.amount{grid-column:1/-1;color:var(--dim)}
        .rest{grid-column:1/-1;height:.3rem;border-radius:.2rem;background:var(--track);overflow:hidden;margin-top:.15rem}
        .rest span{display:block;height:100%;background:var(--good)}.rest .low{background:var(--warn)}
        .rest .lowest{background:var(--bad)}.line{margin:.6rem 0 0;font-size:.9rem}.line>span{color:var(--dim)}
        .line strong{color:var(--warn)}.health{margin:.6rem 0 0;padding:0 0 0 1.1rem;font-size:.9rem;overflow-wrap:anywhere}
        .fatal,.serious{color:var(--bad)}.common{color:var(--warn)}.card footer{margin-top:.6rem;color:var(--dim);font-size:.8rem}
        .banner{background:#b3261e;color:#fff;padding:.6rem .9rem;border-radius:.5rem;margin:.5rem 0}.banner code{background:none;
        color:inherit;text-decoration:underline}code{font-family:ui-monospace,monospace}.links a{margin-right:1rem}
        """
}
