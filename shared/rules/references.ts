/** Documents that the rules rest on, by short name. Only fixed documentation hosts. */
export const REF = {
  article:
    'https://techcommunity.microsoft.com/t5/networking-blog/troubleshooting-kubernetes-networking-on-windows-part-1/ba-p/508648',
  commonProblems:
    'https://learn.microsoft.com/virtualization/windowscontainers/kubernetes/common-problems',
  versions:
    'https://learn.microsoft.com/virtualization/windowscontainers/deploy-containers/version-compatibility',
  windowsDebug: 'https://kubernetes.io/docs/tasks/debug/debug-cluster/windows/',
  windowsNetworking: 'https://kubernetes.io/docs/concepts/services-networking/windows-networking/',
  cniSpec: 'https://www.cni.dev/docs/spec/',
  windowsPlugins: 'https://github.com/containernetworking/plugins/tree/main/plugins/main/windows',
  sdnPlugins: 'https://github.com/microsoft/windows-container-networking',
  winkernel: 'https://github.com/kubernetes/kubernetes/tree/master/pkg/proxy/winkernel',
  flannelBackends: 'https://github.com/flannel-io/flannel/blob/master/Documentation/backends.md',
  errorCodes: 'https://github.com/golang/sys/blob/master/windows/zerrors_windows.go',
} as const;
