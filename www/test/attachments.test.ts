import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataUrl, pictureType, safeName, show, textOf } from '../src/rooms/files.ts';

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

test('a picture is told by its bytes', () => {
  assert.equal(pictureType(bytes('\x89PNG\r\n\x1a\n…')), 'image/png');
  assert.equal(pictureType(bytes('\xff\xd8\xff\xe0')), 'image/jpeg');
  assert.equal(pictureType(bytes('GIF89a')), 'image/gif');
  assert.equal(pictureType(bytes('RIFF1234WEBPVP8 ')), 'image/webp');
  for (const other of ['', 'RIFF1234WAVE', '<svg xmlns="http://www.w3.org/2000/svg"/>', '%PDF-1.4', '<html>', 'BM']) {
    assert.equal(pictureType(bytes(other)), null, other);
  }
});

test('documents that could run scripts are text, and nothing else is text that is none', () => {
  for (const text of ['<svg onload="alert(1)"/>', '<html><script>alert(1)</script>', 'name,sum\r\nann,3', 'caf\xe9']) {
    const shown = show(bytes(text).buffer, false);
    assert.equal(shown.kind, 'text', text);
  }
  assert.equal(textOf(bytes('\xff\xfeh\0i\0')), 'hi');
  assert.equal(textOf(new TextEncoder().encode('日本')), '日本');
  assert.equal(textOf(bytes('PK\x03\x04\0\0')), null);
  assert.equal(show(bytes('MZ\x90\0\x03').buffer, false).kind, 'other');
  assert.equal(show(bytes('\0\x01raw').buffer, true).kind, 'text');
});

test('lines end as lines', () => {
  const shown = show(bytes('one\r\ntwo\rthree').buffer, false);
  assert.ok(shown.kind === 'text' && shown.text === 'one\ntwo\nthree');
});

test('long texts are cut, also in the middle of a character', () => {
  const shown = show(new TextEncoder().encode('ä'.repeat(900_000)).buffer, false);
  assert.ok(shown.kind === 'text' && shown.isCut && shown.text.length === 200_000);
});

test('names lead nowhere and hide nothing', () => {
  const names: [string, string][] = [
    ['plan.pdf', 'plan.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\evil.exe', 'evil.exe'],
    ['evil.pdf.exe', 'evil.pdf.exe'],
    ['a\u202efdp.exe', 'afdp.exe'],
    ['\x1b[31mred\n.txt', '[31mred.txt'],
    ['.bashrc', 'bashrc'],
    ['..', 'attachment-3'],
    ['', 'attachment-3'],
    ['CON', '_CON'],
    ['lpt1.txt', '_lpt1.txt'],
    ['what?.txt', 'what_.txt'],
    ['trailing. ', 'trailing'],
    ['Entwürfe.docx', 'Entwürfe.docx'],
  ];
  for (const [name, safe] of names) assert.equal(safeName(name, 3), safe, JSON.stringify(name));
  assert.ok(safeName('ä'.repeat(300) + '.pdf', 1).endsWith('ä.pdf'));
  assert.ok(safeName('x'.repeat(1000), 1).length <= 130);
});

test('an address of a picture holds nothing that ends an attribute', () => {
  const all = Uint8Array.from({ length: 70_000 }, (_, idx) => idx % 256);
  all.set(bytes('GIF89a'));
  assert.match(dataUrl(all.buffer) ?? '', /^data:image\/gif;base64,[A-Za-z0-9+/=]+$/);
  assert.equal(dataUrl(bytes('<svg onload="x"/>').buffer), null);
});
