import type { Evidence } from '../../model/evidence';
import { fired, notChecked, passed, type Outcome, type Rule } from '../rule';
import { resultsOf } from '../system/validation-tests';

const WINDOWS_BASE = /windows\/(servercore|nanoserver|server)|windowsservercore|nanoserver/i;

export const rule: Rule = {
  meta: {
    id: 'CT-BASE-IMAGE',
    step: 2,
    severity: 'info',
    title: 'A Windows base image for test pods is on the node',
    description:
      'Looks for Server Core or Nano Server in the image list, or takes the test result. Without one the first test pod has to pull gigabytes.',
    impact: 'Test pods stay in ContainerCreating for minutes, which looks like a network failure.',
    needs: [['images', 'tests']],
    falsePositives: 'Images are pulled when needed; a missing one is no fault of the network.',
    references: [
      'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
      'https://github.com/microsoft/SDN/blob/master/Kubernetes/windows/test/ValidateKubernetes.Pester.tests.ps1',
    ],
  },
  check({ snapshot }) {
    const image = snapshot.images.find(({ name }) => WINDOWS_BASE.test(name));
    if (image) return passed(`${image.name} is there`);
    const results = resultsOf(snapshot, 'baseImage');
    const failed = results.find(({ result }) => result === 'failed');
    if (snapshot.images.length === 0 && !failed) {
      return results[0]
        ? passed(`Test "${results[0].name}" passed`)
        : notChecked('Neither an image list nor the test of it was collected', 'images');
    }
    return missing(
      failed?.evidence ?? snapshot.images.flatMap(({ evidence }) => evidence).slice(0, 1),
    );
  },
};

const missing = (evidence: readonly Evidence[]): Outcome =>
  fired({
    title: 'No Windows base image is on the node: test pods start slowly',
    summary: 'Neither Server Core nor Nano Server is among the images of the node.',
    cause: 'No pod with that base ran here yet, or the images were cleaned up.',
    remedy: [
      {
        text: 'Pull the base image of the build of this node before testing.',
        command: 'crictl pull mcr.microsoft.com/windows/servercore:ltsc2022',
        disturbs: 'Takes disk space and bandwidth.',
        verify: { kind: 'command', command: 'crictl images', shows: 'lists it' },
      },
    ],
    entities: [],
    evidence,
  });
