import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blankSecrets, blankSecretsInLine } from './blank-secrets';

const CANARY = 'CANARYx7Qp9ZtR4sVw2yB8nK3mL6';
const JWT =
  'eyJhbGciOiJSUzI1NiIsImtpZCI6IiJ9.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50In0.c2lnbmF0dXJlQ0FOQVJZ';

describe('secrets in lines', () => {
  it.each([
    `    token: ${CANARY}`,
    `token=${CANARY}`,
    `"password":  "${CANARY}"`,
    `{"level":"info","msg":"{\\"accessToken\\":\\"${CANARY}\\"}"}`,
    `    client-key-data: ${CANARY}==`,
    `    client-certificate-data: ${CANARY}`,
    `"aadClientSecret": "${CANARY}",`,
    `AccountKey=${CANARY}==;EndpointSuffix=core.windows.net`,
    `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${CANARY}`,
    `Authorization: Bearer ${CANARY}`,
    `"auths": {"registry": {"auth": "${CANARY}"}}`,
    `https://x.blob.core.windows.net/logs?sv=2020&sig=${CANARY}%3D&se=2023`,
    `https://user:${CANARY}@proxy.example:8080/`,
    `kubelet.exe --bootstrap-token ${CANARY} --v=6`,
    `kubeadm join 10.0.0.1:6443 --token ${CANARY}`,
    `FLAG: --registry-password="${CANARY}"`,
    `password = 'two words ${CANARY}'`,
    `AWS_SECRET_ACCESS_KEY=${CANARY}`,
    `.dockerconfigjson: ${CANARY}`,
    `-----BEGIN RSA PRIVATE KEY-----${CANARY}-----END RSA PRIVATE KEY-----`,
    `K10${'a'.repeat(64)}::server:${CANARY}`,
  ])('blanks %j', (line) => {
    const blanked = blankSecretsInLine(line);
    expect(blanked).not.toContain(CANARY);
    expect(blanked).toContain('[redacted]');
  });

  it('blanks what is a secret by its form alone', () => {
    expect(blankSecretsInLine(`got ${JWT} from api`)).toBe('got [redacted] from api');
    expect(blankSecretsInLine('key AKIAIOSFODNN7EXAMPLE used')).toBe('key [redacted] used');
  });

  it.each([
    'Error: secret "default-token-x8f2k" not found',
    'MountVolume.SetUp failed for volume "kube-api-access"',
    '    "ExceptionList":  ["10.244.0.0/16", "10.96.0.0/12"],',
    'FLAG: --bearer-token-file=""',
    '    TokenExpirationSeconds:  3607',
    'AutomountServiceAccountToken: false',
    '10.96.0.10:53/UDP -> 10.244.1.2:53',
    'endpoint id 768b4bd1-774c-47e8-904f-91c007a4b183 port 80',
    'Policy for port C9A0D7A3-1C2B-4F6A-9F59-0C6D6DF2B1A0',
  ])('leaves %j as it is', (line) => {
    expect(blankSecretsInLine(line)).toBe(line);
  });

  it('keeps the line count and blanks blocks', () => {
    const lines = [
      'before',
      '-----BEGIN EC PRIVATE KEY-----',
      'MHcCAQEEI' + CANARY,
      CANARY,
      '-----END EC PRIVATE KEY-----',
      'data:',
      '  tls.key: |',
      `    ${CANARY}`,
      `    ${CANARY}`,
      '  other: value',
      'A'.repeat(64),
    ];
    const blanked = blankSecrets(lines);
    expect(blanked).toHaveLength(lines.length);
    expect(blanked.join('\n')).not.toContain(CANARY);
    expect(blanked[0]).toBe('before');
    expect(blanked[9]).toBe('  other: value');
    expect(blanked[10]).toBe('[redacted]');
  });

  it('takes time in proportion to the line', () => {
    const hostile = [
      `${'token'.repeat(20_000)}`,
      `"secret": "${'\\'.repeat(50_000)}`,
      '-'.repeat(100_000),
      `password=${'a\\'.repeat(50_000)}`,
    ];
    const start = performance.now();
    for (const line of hostile) blankSecretsInLine(line);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) => blankSecrets(lines).length === lines.length),
    );
  });
});
