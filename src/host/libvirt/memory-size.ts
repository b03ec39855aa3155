import { attribute, type Element, textOf } from './xml.ts';

/** Bytes by the units that libvirt takes; it prints KiB. Powers of 1000 have a B alone. */
const units: Readonly<Record<string, number>> = {
  b: 1,
  bytes: 1,
  KB: 1e3,
  k: 2 ** 10,
  KiB: 2 ** 10,
  MB: 1e6,
  M: 2 ** 20,
  MiB: 2 ** 20,
  GB: 1e9,
  G: 2 ** 30,
  GiB: 2 ** 30,
  TB: 1e12,
  T: 2 ** 40,
  TiB: 2 ** 40,
};

/**
 * Bytes of `<memory unit='KiB'>`, `<page size= unit=>` or `<cell memory= unit=>`; undefined where
 * it says no number.
 */
export function bytesOf(element: Element | undefined): number | undefined {
  const given = attribute(element, 'size') ?? attribute(element, 'memory') ?? textOf(element);
  const number = given === '' ? Number.NaN : Number(given);
  const unit = units[attribute(element, 'unit') ?? 'KiB'];
  return Number.isFinite(number) && unit !== undefined ? number * unit : undefined;
}
