import { describe, expect, it } from 'vitest';
import { errorMeaning, errorText } from './error-codes';

describe('error codes', () => {
  it.each([
    [2151350278, 'HCN_E_ADAPTER_NOT_FOUND'],
    ['2151350291', 'HCN_E_PORT_ALREADY_EXISTS'],
    ['0x803B001C', 'HCN_E_INVALID_JSON_REFERENCE'],
    [-2143617018, 'HCN_E_ADAPTER_NOT_FOUND'],
    [2147942487, 'ERROR_INVALID_PARAMETER'],
    [2147943568, 'ERROR_NOT_FOUND'],
    ['0x1392', 'ERROR_OBJECT_ALREADY_EXISTS'],
    [0x57, 'ERROR_INVALID_PARAMETER'],
    ['0xc0370101', 'HCS_E_IMAGE_MISMATCH'],
    ['0x80370101', 'HCS_E_IMAGE_MISMATCH'],
  ])('knows %s', (code, symbol) => {
    expect(errorMeaning(code)?.symbol).toBe(symbol);
  });

  it.each([0, '', 'abc', NaN, 1.5, 0x1_0000_0000, '0x803b0fff'])('says nothing of %s', (code) => {
    expect(errorMeaning(code)).toBeUndefined();
  });

  it('writes a phrase even for a code nobody knows', () => {
    expect(errorText(2151350291)).toBe('0x803b0013 (the port is taken)');
    expect(errorText(0x803bffff)).toBe('0x803bffff');
  });
});
