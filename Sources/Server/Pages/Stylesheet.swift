/// The one stylesheet of all pages. Light and dark follow the system; contrast of text is at least 4.5 to 1 in both.
let stylesheetText = """
    :root { color-scheme: light dark; --ink: #1b1d26; --quiet: #5a6070; --ground: #eef0f6; --glow: #dcdcf5; --card: #ffffff; --edge: #d9dce5;
      --line: #7b8191; --accent: #4340a8; --accent-strong: #34318a; --on-accent: #ffffff; --tint: #ececfb; --bad: #a3141e; --bad-ground: #fdecee; --note: #f4f5fa; }
    @media (prefers-color-scheme: dark) { :root { --ink: #eceef5; --quiet: #b1b6c6; --ground: #12131a; --glow: #23234a; --card: #1c1e28; --edge: #333747;
      --line: #8a90a3; --accent: #b1b3ff; --accent-strong: #cccdff; --on-accent: #15162b; --tint: #2b2d4d; --bad: #ffb3ba; --bad-ground: #3a1a1e; --note: #252836; } }
    * { box-sizing: border-box; }
    body { margin: 0; min-height: 100vh; padding: 2rem 1rem 1rem; display: flex; flex-direction: column; align-items: center; justify-content: center;
      background: radial-gradient(60rem 30rem at 50% -8rem, var(--glow), transparent) no-repeat var(--ground); color: var(--ink);
      font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
    main, footer { width: 100%; max-width: 27rem; }
    .wide main, .wide footer { max-width: 60rem; }
    main { padding: 1.75rem; background: var(--card); border: 1px solid var(--edge); border-radius: 1rem; box-shadow: 0 1rem 2.5rem -1.5rem rgb(20 22 50 / .35); }
    main::before { content: ""; display: block; width: 2.5rem; height: 2.5rem; margin-bottom: 1rem; background: url(/favicon.ico) center / contain no-repeat; }
    h1 { margin: 0 0 .375rem; font-size: 1.45rem; line-height: 1.25; letter-spacing: -.01em; overflow-wrap: anywhere; }
    h2 { margin: 1.5rem 0 .5rem; color: var(--quiet); font-size: .8125rem; font-weight: 600; letter-spacing: .04em; text-transform: uppercase; }
    p { margin: .5rem 0; overflow-wrap: anywhere; }
    small { font-size: .8125rem; }
    footer, .quiet { color: var(--quiet); font-size: .875rem; }
    footer { margin-top: 1rem; text-align: center; text-wrap: balance; }
    label { display: block; margin: .75rem 0 .25rem; font-size: .9375rem; font-weight: 600; }
    input { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); color: var(--ink); font: inherit; }
    button { width: 100%; min-height: 2.75rem; margin-top: .5rem; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .625rem;
      background: transparent; color: var(--ink); font: inherit; font-weight: 500; cursor: pointer; overflow-wrap: anywhere; }
    button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
    button.main:hover { background: var(--accent-strong); }
    form .main:not(.account) { margin-top: 1rem; }
    button.account { display: grid; grid-template-columns: 2.5rem 1fr; column-gap: .75rem; align-items: center; text-align: left; border-color: var(--edge); }
    button.account::before { grid-row: 1 / span 3; width: 2.5rem; height: 2.5rem; border-radius: 50%; background: var(--tint); color: var(--accent);
      font-size: .875rem; font-weight: 700; line-height: 2.5rem; text-align: center; content: attr(data-initials); content: attr(data-initials) / ""; }
    button.account small { grid-column: 2; color: var(--quiet); font-weight: 400; }
    button.account.main small { color: inherit; }
    button.off { border-style: dashed; border-color: var(--line); background: var(--note); color: var(--quiet); }
    button.off::before { filter: grayscale(1); }
    button.account small.ineligible { color: var(--bad); }
    button:hover { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    .row { display: flex; gap: .5rem; }
    .row input { min-width: 0; }
    .row button { flex: none; width: auto; margin: 0; }
    details { margin-top: 1rem; }
    summary { min-height: 2.75rem; padding: .6rem 0; color: var(--accent); font-weight: 600; cursor: pointer; }
    #deny { margin-top: .5rem; padding-top: .75rem; border-top: 1px solid var(--edge); }
    a { color: var(--accent); overflow-wrap: anywhere; }
    ul { margin: .5rem 0; padding: 0; list-style: none; }
    .links { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
    .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: .625rem; }
    .cards li { padding: .75rem .875rem; border: 1px solid var(--edge); border-radius: .625rem; overflow-wrap: anywhere; font-weight: 600; }
    .cards small { display: block; margin-top: .125rem; color: var(--quiet); font-weight: 400; }
    .problem { margin-top: 1rem; padding: .75rem; border-left: .25rem solid var(--bad); border-radius: .375rem; background: var(--bad-ground); color: var(--bad); }
    #create, #identityProvider, #organization { padding: .75rem; border-radius: .375rem; background: var(--note); font-size: .9375rem; }
    code { font-size: .8125rem; }
    code.user { font-size: 1.25rem; letter-spacing: .05em; white-space: nowrap; }
    """
