import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isInNetwork, type Network, parseAddress, parseNetwork } from './ipAddress.ts';
import { whyNotReachable } from './judgeAddress.ts';
import { judgeUrl, type Resolve } from './judgeUrl.ts';

const PUBLIC = '93.184.215.14';
const resolve: Resolve = async (host) =>
  ({
    'allowed.example': [PUBLIC],
    'evil.example': ['127.0.0.1'],
    'half.example': [PUBLIC, '10.0.0.1'],
    'six.example': ['2606:2800:21f:cb07:6820:80da:af6b:8b2c'],
    'six-local.example': ['fd00:ec2::254'],
    'nowhere.example': [],
  })[host] ?? [PUBLIC];

const networks = (...texts: string[]): readonly Network[] => texts.map((text) => parseNetwork(text) as Network);
const judge = (url: string, ...allowed: string[]) => judgeUrl(url, { networks: networks(...allowed), resolve });
const refused = { code: 'url-not-allowed' };

describe('an address that somebody wrote', () => {
  test.each([
    'https://allowed.example/hook',
    'https://allowed.example:8443/hook?a=1',
    `https://${PUBLIC}/`,
    'https://six.example/',
    'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/',
    // the translated form of a public address is as public
    'https://[64:ff9b::5db8:d70e]/',
  ])('%s may be called', async (url) => {
    const { addresses } = await judge(url);
    expect(addresses.length).toBe(1);
  });

  test.each([
    'https://127.0.0.1/',
    'https://localhost/',
    'https://LOCALHOST/',
    'https://0.0.0.0/',
    'https://0/',
    'https://0177.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://127.1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:7f00:1::]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[ff02::1]/',
    'https://100.64.0.1/',
    'https://192.168.0.1/',
    'https://10.0.0.1/',
    'https://172.31.0.1/',
    'https://198.18.0.1/',
    'https://255.255.255.255/',
    'https://①②⑦.0.0.1/',
    'https://[::ffff:0:127.0.0.1]/',
    'https://evil.example/',
    'https://half.example/',
    'https://six-local.example/',
    'https://nowhere.example/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://intranet/',
    'https://user@allowed.example/',
    'https://user:password@allowed.example/',
    'https://evil.example#@allowed.example/',
    'https://allowed.example.:443/',
    'https://allowed.example:22/',
    'http://allowed.example/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:5432/_',
    'ftp://allowed.example/',
    'javascript:alert(1)',
    'allowed.example',
    '',
    `https://allowed.example/${'a'.repeat(2_000)}`,
  ])('%s may not be called', async (url) => {
    await expect(judge(url)).rejects.toMatchObject(refused);
  });

  test('networks of the house are reached where it says so, and nothing beside them', async () => {
    await judge('http://127.0.0.1:8080/', '127.0.0.0/8');
    await judge('http://[::1]/', '::1/128');
    await judge('http://evil.example:22/', '127.0.0.1');
    await expect(judge('http://10.0.0.1/', '127.0.0.0/8')).rejects.toMatchObject(refused);
    await expect(judge('http://allowed.example/', '127.0.0.0/8')).rejects.toMatchObject(refused);
    await judge('https://allowed.example/', '127.0.0.0/8');
  });

  test('every private IPv4 address is refused, alone and inside IPv6', () => {
    const privateRange = fc.constantFrom(...networks('10.0.0.0/8', '127.0.0.0/8', '192.168.0.0/16', '169.254.0.0/16'));
    fc.assert(
      fc.property(privateRange, fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }), (range, random) => {
        const whole = range.bits / 8;
        const address = [...range.bytes.slice(0, whole), ...random.slice(whole)];
        expect(isInNetwork(address, range)).toBe(true);
        expect(whyNotReachable(address, [])).not.toBeNull();
        expect(whyNotReachable([...Array(10).fill(0), 255, 255, ...address], [])).not.toBeNull();
      }),
    );
  });

  test('an address is read as Node reads it', () => {
    expect(parseAddress('::1')).toEqual([...Array(15).fill(0), 1]);
    expect(parseAddress('1:2:3:4:5:6:7:8')?.[1]).toBe(1);
    for (const wrong of ['1:2', '1::2::3', '1:2:3:4:5:6:7:8:9', '256.0.0.1', '1.2.3', 'g::1', '1:2:3:4:5:6:7::8', ''])
      expect(parseAddress(wrong), wrong).toBeNull();
    for (const wrong of ['10.0.0.0/33', '10.0.0.0/', 'x/8', '::/129', '10.0.0.0/-1'])
      expect(parseNetwork(wrong), wrong).toBeNull();
  });
});
