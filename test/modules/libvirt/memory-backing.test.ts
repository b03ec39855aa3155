import assert from 'node:assert/strict';
import { formatXml, parseXml } from '../../../src/host/libvirt/xml.ts';
import { editMemoryBacking } from '../../../src/modules/libvirt_domain/edit-tuning.ts';

describe('the huge pages of a guest', () => {
  /** The pages of a definition that has these, after an edit: size in KiB and cells. */
  function pages(there: string, hugepages: { size: number; nodeset?: string }): readonly string[] {
    const backing = there === '' ? '' : `<memoryBacking><hugepages>${there}</hugepages></memoryBacking>`;
    const document = parseXml(`<domain><name>vm1</name>${backing}</domain>`, 'domain', 'a definition');
    editMemoryBacking(document.documentElement!, { hugepages });
    const found = formatXml(document).matchAll(/<page size="(\d+)" unit="KiB"(?: nodeset="([^"]*)")?\/>/g);
    return [...found].map(([, size, nodeset]) => `${size} ${nodeset ?? 'all'}`);
  }
  const page = (size: number, nodeset: string) => `<page size="${size}" unit="KiB" nodeset="${nodeset}"/>`;

  it('are those of the whole guest', () => {
    assert.deepEqual(pages('', { size: 2 ** 21 }), ['2048 all']);
    assert.deepEqual(pages(page(2048, '0') + page(1_048_576, '1'), { size: 2 ** 21 }), ['2048 all']);
  });

  it('of a cell are next to those of other cells', () => {
    assert.deepEqual(pages('', { size: 2 ** 30, nodeset: '0' }), ['1048576 0']);
    assert.deepEqual(pages(page(2048, '0'), { size: 2 ** 30, nodeset: '1' }), ['2048 0', '1048576 1']);
    assert.deepEqual(pages(page(2048, '0') + page(2048, '1'), { size: 2 ** 30, nodeset: '1' }), [
      '2048 0',
      '1048576 1',
    ]);
  });

  it('of a cell leave those of all other cells as they are', () => {
    const all = '<page size="1048576" unit="KiB"/>';
    assert.deepEqual(pages(all, { size: 2 ** 21, nodeset: '1' }), ['1048576 all', '2048 1']);
    assert.deepEqual(pages(all + page(2048, '1'), { size: 2 ** 21, nodeset: '1' }), ['1048576 all', '2048 1']);
  });

  it('of cells are taken out of the entries that had them', () => {
    assert.deepEqual(pages(page(2048, '0'), { size: 2 ** 21, nodeset: '0-1' }), ['2048 0-1']);
    assert.deepEqual(pages(page(2048, '0-3'), { size: 2 ** 30, nodeset: '1-2' }), ['2048 0,3', '1048576 1-2']);
  });

  it('stay as they are where they are those', () => {
    assert.deepEqual(pages(page(2048, '0') + page(2048, '1'), { size: 2 ** 21, nodeset: '1' }), ['2048 0', '2048 1']);
  });
});
