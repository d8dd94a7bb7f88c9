/// The one stylesheet of all pages. Light and dark by what the person's system says; contrast of text at least 4.5 to 1 in both.
let stylesheet = """
    :root { color-scheme: light dark; --ink: #1a1d24; --quiet: #565d6b; --ground: #f3f4f7; --card: #ffffff; --line: #767d8c;
      --accent: #3b3f9e; --on-accent: #ffffff; --bad: #a3141e; --bad-ground: #fdecee; }
    @media (prefers-color-scheme: dark) { :root { --ink: #eceef3; --quiet: #b3b9c6; --ground: #14161b; --card: #1f232b; --line: #8b93a3;
      --accent: #aab0ff; --on-accent: #14161b; --bad: #ffb3ba; --bad-ground: #3a1a1e; } }
    * { box-sizing: border-box; }
    body { margin: 0; padding: 2rem 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
    main { max-width: 26rem; margin: 0 auto; padding: 1.5rem; background: var(--card); border-radius: .75rem; }
    h1 { margin: 0 0 1rem; font-size: 1.4rem; line-height: 1.3; overflow-wrap: anywhere; }
    h2 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
    p { margin: .5rem 0; overflow-wrap: anywhere; }
    footer, .quiet { color: var(--quiet); font-size: .875rem; }
    footer { max-width: 26rem; margin: 1rem auto 0; text-align: center; }
    label { display: block; margin: .75rem 0 .25rem; font-weight: 600; }
    input { width: 100%; padding: .6rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--card); color: var(--ink); font: inherit; }
    button { width: 100%; min-height: 2.75rem; margin-top: .5rem; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .4rem;
      background: transparent; color: var(--ink); font: inherit; text-align: left; cursor: pointer; overflow-wrap: anywhere; }
    button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; text-align: center; }
    #deny { margin-top: 1.5rem; padding-top: .5rem; border-top: 1px solid var(--line); }
    button.deny { text-align: center; }
    button.off { border-style: dashed; }
    ul { margin: .5rem 0; padding-left: 1.25rem; }
    a { color: var(--accent); overflow-wrap: anywhere; }
    button small { display: block; color: var(--quiet); }
    button:hover { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    .problem { padding: .75rem; border-left: .25rem solid var(--bad); border-radius: .25rem; background: var(--bad-ground); color: var(--bad); }
    code { font-size: 1.25rem; letter-spacing: .05em; }
    """
