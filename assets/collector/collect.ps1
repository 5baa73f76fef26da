<#
  HNS Workbench collector, format 1. Windows PowerShell 5.1. Reads the network state of a Windows
  Kubernetes node and prints it as framed text. docs/collector.md explains every section.

  It reads only. It creates, changes, starts, stops and downloads nothing, and leaves no file behind,
  except when -OutputFolder is given: then it writes its results there instead of printing them.
  Secrets are blanked where they are read (function Hide-Secret); kubeconfigs, keys and certificates
  are not read at all.

  By hand:  powershell -NoProfile -File collect.ps1 -OutputFolder C:\temp\node1
  or:       powershell -NoProfile -File collect.ps1 > node1.txt

  -Parameters  JSON; all optional:
    include         names of sections; empty means all
    exclude         names of sections that are left out
    logLines        last lines taken of each log                        (3000)
    logDays         logs not written to for longer are left out         (7)
    eventHours      how far back the event logs are read                (24)
    counterSeconds  time between the two samples of counters            (5)
    sectionSeconds  time limit of one section                           (90)
    sectionBytes    limit of one section, in characters                 (268435456)
#>
param([string] $Parameters = '{}', [string] $OutputFolder = '')

$ProgressPreference = 'SilentlyContinue'
$Full = $ExecutionContext.SessionState.LanguageMode -eq 'FullLanguage'
$Options = @{ include = @(); exclude = @(); logLines = 3000; logDays = 7; eventHours = 24
  counterSeconds = 5; sectionSeconds = 90; sectionBytes = 268435456 }
$Given = ConvertFrom-Json -InputObject $Parameters
foreach ($Name in @($Options.Keys)) {
  if ($null -ne $Given.$Name) { $Options[$Name] = $Given.$Name }
}

# ---------------------------------------------------------------------------------------------
# What the sections share. A section runs by itself, so this is given to each of them.
# ---------------------------------------------------------------------------------------------
$Shared = {
  # Objects as PowerShell prints them, wide enough that nothing is cut.
  function Show-Text { $input | Out-String -Stream -Width 4096 | ForEach-Object { $_.TrimEnd() } }

  # Objects as JSON, dates and all; nothing at all for none.
  function Show-Json {
    $All = @($input)
    if ($All.Count -gt 0) { ConvertTo-Json -InputObject $All -Depth 20 }
  }

  # What follows goes into another file of the bundle.
  function Start-File([string] $Path) { @{ File = $Path } }

  # The bytes of a file, as they are. They go out piece by piece, and the file has to stay until then.
  function Send-File([string] $Path) { @{ Content = $Path } }

  # Values beside names that sound like secrets never leave the node.
  function Hide-Secret {
    $Word = '(?:token|password|passwd|secret|credential|client-key-data|client-certificate-data|(?:api|access|account|private|storage)[-_]?key)'
    $input | ForEach-Object {
      $_ -replace ('(?i)("[^"]*' + $Word + '[^"]*"\s*:\s*)"[^"]*"'), '$1"(removed)"' `
        -replace ('(?i)([\w-]*' + $Word + '[\w-]*\s*[=:]\s*)(?:"[^"]*"|''[^'']*'')'), '$1"(removed)"' `
        -replace ('(?i)([\w-]*' + $Word + '[\w-]*\s*[=:]\s*)(?!\s*")[^\s,;&}"]+'), '$1(removed)' `
        -replace ('(?i)(--[\w-]*' + $Word + '[\w-]*\s+)(?!-)(?:"[^"]*"|\S+)'), '$1(removed)' `
        -replace '(?i)(authorization:\s*(?:bearer|basic|negotiate)\s+)\S+', '$1(removed)' `
        -replace '(?i)(://[^/\s:@]+:)[^/\s@]+@', '$1(removed)@' `
        -replace '(?i)eyJ[\w-]{10,}\.[\w-]+\.[\w-]*', '(removed)'
    }
  }

  # Processes and services that have to do with pods and their network, with what started them.
  function Get-KubeProgram {
    $Names = 'kubelet|kube-proxy|kubeproxy|flannel|containerd|dockerd|calico|felix|rke2|rancher|azure-vnet|azure-cns|antrea|ovn|hybrid-overlay|csi-proxy|wins'
    Get-CimInstance -ClassName Win32_Process | Where-Object { $_.Name -match $Names } |
      ForEach-Object { "`"$($_.ExecutablePath)`" $($_.CommandLine)" }
    $Root = 'HKLM:\SYSTEM\CurrentControlSet\Services'
    foreach ($Service in Get-CimInstance -ClassName Win32_Service) {
      # Service wrappers such as nssm keep the real command line under Parameters.
      $Set = Get-ItemProperty -Path "$Root\$($Service.Name)\Parameters" -ErrorAction SilentlyContinue
      $Line = "$($Service.PathName) $($Set.Application) $($Set.AppParameters) $($Set.AppDirectory) $($Set.AppStdout) $($Set.AppStderr)"
      if ("$($Service.Name) $Line" -match $Names) { $Line }
    }
  }

  # Paths in lines of text, in quotes or without.
  function Select-Path {
    $Path = '"[A-Za-z]:[\\/][^"<>|*?]+"|[A-Za-z]:[\\/][^"''\s,;=<>|*?]+'
    $input | Select-String -Pattern $Path -AllMatches | ForEach-Object { $_.Matches } |
      ForEach-Object { $_.Value -replace '"', '' -replace '/', '\' -replace '\\\\', '\' }
  }

  # Folders named in those command lines and in containerd's own configuration, which says where CNI
  # is. The folders of Windows itself are not looked into.
  function Get-KubeFolder {
    $Named = Get-KubeProgram | Select-Path
    # Not told where its configuration is, containerd reads the one beside itself.
    $Settings = foreach ($Path in $Named) {
      if ($Path -like '*.toml') { $Path }
      if ($Path -like '*\containerd.exe') { "$(Split-Path -Parent $Path)\config.toml" }
    }
    $Set = foreach ($File in $Settings | Sort-Object -Unique | Where-Object { Test-Path -LiteralPath $_ -PathType Leaf }) {
      Get-Content -LiteralPath $File | Select-String -Pattern '^\s*(conf_dir|bin_dir)\s*=' | ForEach-Object { $_.Line } | Select-Path
    }
    # Where flannel and CNI plugins keep their files when nothing is said.
    $Defaults = foreach ($Drive in @($Named) | Split-Path -Qualifier | Sort-Object -Unique) {
      "$Drive\etc\cni\net.d", "$Drive\run\flannel", "$Drive\etc\kube-flannel", "$Drive\var\lib\cni"
    }
    $Found = @($Named) + @($Set) + @($Defaults | Where-Object { Test-Path -LiteralPath $_ })
    $Folders = foreach ($Path in $Found) {
      if (Test-Path -LiteralPath $Path -PathType Container) { $Path } else { Split-Path -Parent $Path }
    }
    $Folders | Where-Object { $_ -match '^[A-Za-z]:\\[^\\]' -and $_ -notmatch '^.:\\(Windows|Users)(\\|$)' -and
      $_ -notmatch '^.:\\(Program Files( \(x86\))?|ProgramData|var|var\\lib)\\?$' } |
      Where-Object { Test-Path -LiteralPath $_ -PathType Container } |
      ForEach-Object { $_.TrimEnd('\') } | Sort-Object -Unique
  }

  # Files below the folders of the programs, each once. Layers of images and pod volumes are no part of it.
  function Get-KubeFile([string] $Pattern) {
    $Files = foreach ($Folder in Get-KubeFolder) {
      Get-ChildItem -LiteralPath $Folder -File -Recurse -Depth 5 -ErrorAction SilentlyContinue |
        Where-Object { $_.FullName -match $Pattern -and $_.FullName -notmatch '\\(snapshots|volumes|content|rootfs|Files\\Windows)\\' } |
        Where-Object { $_.Name -notmatch '(?i)kubeconfig|\.(pem|key|crt|cer|pfx)$|token|secret' }
    }
    $Files | Sort-Object -Property FullName -Unique
  }

  # A file of the node under a name for the bundle: C:\k\kubelet.log becomes C/k/kubelet.log.
  function Get-BundlePath([string] $Path) { $Path -replace '^([A-Za-z]):', '$1' -replace '\\', '/' }

  # Where a program is: on the path, or beside the programs that run. Missing is a result, not a failure.
  $Known = @{}
  function Find-Tool([string] $Name) {
    if ($Known[$Name]) { return $Known[$Name] }
    $Command = Get-Command -Name $Name -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($Command) { return $Command.Path }
    foreach ($Folder in Get-KubeFolder) {
      foreach ($Place in "$Folder\$Name", "$Folder\bin\$Name") {
        if (Test-Path -LiteralPath $Place) {
          $Known[$Name] = $Place
          return $Place
        }
      }
    }
    throw "missing: $Name is not on this node"
  }

  # Runs a program with the arguments as they stand. The only place where one is run.
  function Invoke-Tool([string] $Tool) { & (Find-Tool $Tool) @args }

  # A cmdlet that not every build has.
  function Assert-Command([string] $Name) {
    if (-not (Get-Command -Name $Name -ErrorAction SilentlyContinue)) { throw "missing: $Name is not on this node" }
  }

  # Port names of the virtual switches, from vfpctrl's own list.
  function Get-VfpPort {
    Invoke-Tool vfpctrl.exe /list-vmswitch-port | Select-String -Pattern '^\s*Port name\s*:\s*([0-9A-Fa-f-]{36})' |
      ForEach-Object { $_.Matches[0].Groups[1].Value }
  }

  # Where containerd listens, as kubelet was told.
  function Get-RuntimeEndpoint {
    $Told = Get-KubeProgram | Select-String -Pattern '--container-runtime-endpoint[= ]"?([^\s"]+)' | Select-Object -First 1
    if ($Told) { $Told.Matches[0].Groups[1].Value } else { 'npipe:////./pipe/containerd-containerd' }
  }

  # The last lines of a log. One that cannot be read is an error of the section, and no file.
  function Show-Log($File) {
    $Lines = Get-Content -LiteralPath $File.FullName -Tail $Options.logLines -Encoding UTF8
    if ($null -eq $Lines) { return }
    Start-File "logs/$(Get-BundlePath $File.FullName)"
    $Lines | Hide-Secret
  }
}

# ---------------------------------------------------------------------------------------------
# The sections, in the order they run: name, file in the bundle, what is read.
# ---------------------------------------------------------------------------------------------
function Section([string] $Name, [string] $File, [scriptblock] $Body) {
  @{ Name = $Name; File = $File; Body = $Body }
}
$Sections = @(
Section collection collection.json {
  $Zone = Get-TimeZone
  ConvertTo-Json -InputObject @{
    collector = 'hns-workbench'; format = 1
    startedAt = Get-Date -Format o; timeZone = $Zone.Id; utcOffsetMinutes = $Zone.BaseUtcOffset.TotalMinutes
    host = $env:COMPUTERNAME; powershell = "$($PSVersionTable.PSVersion)"
    languageMode = "$($ExecutionContext.SessionState.LanguageMode)"; parameters = $Options
  }
}
Section os winver.txt {
  Get-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' |
    Select-Object -Property 'ProductName', 'CurrentBuild', 'UBR', 'BuildLabEx' | Format-List | Show-Text
}
Section hotfixes hotfixes.txt {
  Get-HotFix | Select-Object -Property 'HotFixID', 'Description', @{ n = 'InstalledOn'; e = { Get-Date -Date $_.InstalledOn -Format 'yyyy-MM-dd' } } |
    Format-Table -AutoSize | Show-Text
}
Section features feature.txt {
  Assert-Command Get-WindowsFeature
  Get-WindowsFeature -Name 'Containers', 'Hyper-V' | Show-Text
}
Section services windowsServices.txt {
  Get-Service | Select-Object -Property 'Status', 'Name', 'DisplayName', 'StartType' | Format-Table -AutoSize | Show-Text
}
Section service-definitions scqueryex.txt {
  Invoke-Tool sc.exe queryex
  Invoke-Tool sc.exe queryex vfpext
  Invoke-Tool sc.exe qc hns
  Invoke-Tool sc.exe qc vfpext
}
Section processes processes.txt {
  Get-CimInstance -ClassName Win32_Process |
    Select-Object -Property 'ProcessId', 'Name', 'ThreadCount', 'WorkingSetSize', @{ n = 'StartTime'; e = { Get-Date -Date $_.CreationDate -Format o } }, 'CommandLine' |
    Format-List | Show-Text | Hide-Secret
}
Section versions versions.txt {
  foreach ($Tool in 'kubelet.exe', 'kube-proxy.exe', 'containerd.exe', 'flanneld.exe', 'rke2.exe') {
    try { "$Tool $(Invoke-Tool $Tool '--version')" } catch { "$Tool $_" }
  }
}
Section hns-networks network.txt {
  Assert-Command Get-HnsNetwork
  Get-HnsNetwork | Select-Object -Property 'Name', 'Type', 'ID', 'AddressPrefix' | Format-Table -AutoSize | Show-Text
  Get-HnsNetwork | Show-Json
}
Section hns-networks-detailed networkdetailed.txt {
  Assert-Command Get-HnsNetwork
  Get-HnsNetwork -Detailed | Show-Json
}
Section hns-endpoints endpoint.txt {
  Assert-Command Get-HnsEndpoint
  Get-HnsEndpoint | Select-Object -Property 'IpAddress', 'MacAddress', 'IsRemoteEndpoint', 'State' | Format-Table -AutoSize | Show-Text
  Get-HnsEndpoint | Show-Json
}
Section hns-load-balancers policy.txt {
  Assert-Command Get-HnsPolicyList
  Get-HnsPolicyList | Show-Json
}
Section hns-namespaces namespaces.txt {
  Assert-Command Get-HnsNamespace
  Get-HnsNamespace | Show-Json
}
Section hns-version hnsversion.txt {
  Assert-Command Invoke-HnsRequest
  Invoke-HnsRequest -Method GET -Type globals -Id version | Show-Json
}
Section endpoint-statistics endpointstats.txt {
  # Twice, so that what still grows can be told from what was counted long ago.
  Assert-Command Invoke-HnsRequest
  $Endpoints = Get-HnsEndpoint | Where-Object { -not $_.IsRemoteEndpoint }
  $Endpoints | ForEach-Object { Invoke-HnsRequest -Method GET -Type endpointstats -Id $_.ID } | Show-Json
  Start-Sleep -Seconds $Options.counterSeconds
  Start-File endpointstats-2.txt
  $Endpoints | ForEach-Object { Invoke-HnsRequest -Method GET -Type endpointstats -Id $_.ID } | Show-Json
}
Section hnsdiag hnsdiag.txt { Invoke-Tool hnsdiag.exe list all '-d' }
Section vswitch-ports ports.txt {
  Invoke-Tool vfpctrl.exe /list-vmswitch-port
  foreach ($Port in Get-VfpPort) {
    ''
    "Get-port-counter for port: $Port"
    Invoke-Tool vfpctrl.exe /port $Port /get-port-counter
  }
}
Section vfp vfpOutput.txt {
  foreach ($Port in Get-VfpPort) {
    ''
    'Policy for port : '
    $Port
    Invoke-Tool vfpctrl.exe /port $Port /list-space
    Invoke-Tool vfpctrl.exe /port $Port /list-mapping
    Invoke-Tool vfpctrl.exe /port $Port /get-rule-counter
    Invoke-Tool vfpctrl.exe /port $Port /get-port-state
    Invoke-Tool vfpctrl.exe /port $Port /list-nat-range
    Invoke-Tool vfpctrl.exe /port $Port /get-port-flow-stats
  }
}
Section vfp-json vfp/ports.json {
  # The same rules as JSON. A build that does not know the format prints text, which is not kept.
  $Ports = Invoke-Tool vfpctrl.exe /list-vmswitch-port /format 1
  if ("$Ports" -notmatch '^\s*[\[{]') { throw 'missing: vfpctrl of this build prints no JSON' }
  $Ports
  foreach ($Port in Get-VfpPort) {
    Start-File "vfp/$Port.json"
    Invoke-Tool vfpctrl.exe /port $Port /get-rule-counter /format 1
  }
}
Section vswitch-forwarding vswitchForwarding.txt {
  Invoke-Tool vfpctrl.exe /list-vmswitch-port |
    Select-String -Pattern '^\s*Switch name\s*:\s*([0-9A-Fa-f-]{36})' | ForEach-Object { $_.Matches[0].Groups[1].Value } |
    Sort-Object -Unique | ForEach-Object { Invoke-Tool vfpctrl.exe /switch $_ /get-switch-forwarding-settings }
}
Section nmbind nmbind.txt { Invoke-Tool nmbind.exe }
Section nvspinfo nvspinfo.txt { Invoke-Tool nvspinfo.exe '-a' '-i' '-h' '-D' '-p' '-d' '-m' '-q' }
Section addresses ip.txt {
  Invoke-Tool ipconfig.exe /allcompartments /all
  Get-NetIPAddress -IncludeAllCompartments | Show-Text
  Get-NetIPInterface -IncludeAllCompartments | Show-Text
}
Section routes routes.txt {
  Invoke-Tool route.exe print
  Get-NetRoute -IncludeAllCompartments | Show-Text
}
Section interfaces mtu.txt { Invoke-Tool netsh.exe int ipv4 sh int }
Section neighbours arp.txt {
  Invoke-Tool arp.exe '-a'
  Get-NetNeighbor -IncludeAllCompartments | Show-Text
}
Section adapters netadapter.txt {
  Get-NetAdapter -IncludeHidden | Show-Text
  foreach ($Adapter in Get-NetAdapter -IncludeHidden) {
    Start-File "adapters/$($Adapter.Name -replace '[<>:"/\\|?*]', '_')_int.txt"
    Invoke-Tool netsh.exe int ipv4 sh int $Adapter.ifIndex
  }
}
Section adapter-statistics adapterstatistics.txt {
  # Twice, so that what still grows can be told from what was counted long ago.
  Get-NetAdapterStatistics -IncludeHidden | Select-Object -Property * -ExcludeProperty 'Cim*', 'PS*' | Format-List | Show-Text
  Start-Sleep -Seconds $Options.counterSeconds
  Start-File adapterstatistics-2.txt
  Get-NetAdapterStatistics -IncludeHidden | Select-Object -Property * -ExcludeProperty 'Cim*', 'PS*' | Format-List | Show-Text
}
Section nat nat.txt {
  Assert-Command Get-NetNat
  Get-NetNat | Show-Text
}
Section dns-client dnsclient.txt {
  Get-DnsClientServerAddress | Show-Text
  Get-DnsClientGlobalSetting | Show-Text
  Get-DnsClientNrptPolicy | Show-Text
}
Section tcpip-settings tcpip.txt {
  Get-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip6\Parameters' |
    Select-Object -Property DisabledComponents | Format-List | Show-Text
}
Section excluded-ports excludedportrange.txt {
  Invoke-Tool netsh.exe int ipv4 sh excludedportrange tcp
  Invoke-Tool netsh.exe int ipv4 sh excludedportrange udp
}
Section dynamic-ports dynamicportrange.txt {
  Invoke-Tool netsh.exe int ipv4 sh dynamicportrange tcp
  Invoke-Tool netsh.exe int ipv4 sh dynamicportrange udp
}
Section connections tcpconnections.txt { Get-NetTCPConnection | Show-Text }
Section firewall firewall.txt {
  Get-NetFirewallRule -PolicyStore ActiveStore -Enabled True |
    Select-Object -Property 'Name', 'DisplayName', 'Description', 'Enabled', 'Profile', 'Direction', 'Action', 'PolicyStoreSource' |
    Format-List | Show-Text
}
Section filtering wfp/netevents.xml { Invoke-Tool netsh.exe wfp show netevents 'file=-' }
Section filtering-state wfp/wfpstate.xml { Invoke-Tool netsh.exe wfp show state 'file=-' }
Section filtering-filters wfp/filters.xml { Invoke-Tool netsh.exe wfp show filters 'file=-' }
Section containers-hcs hcsdiag.txt { Invoke-Tool hcsdiag.exe list }
Section containers containers.txt { Invoke-Tool ctr.exe '-n' k8s.io c ls }
Section containers-docker docker.txt { Invoke-Tool docker.exe ps '-a' }
Section images images.txt { Invoke-Tool crictl.exe '--runtime-endpoint' (Get-RuntimeEndpoint) images }
Section sandboxes containerd-pods.txt { Invoke-Tool crictl.exe '--runtime-endpoint' (Get-RuntimeEndpoint) pods }
Section cni cni-files.txt {
  $Pattern = '(?i)\\(cni|net\.d)\\(.*\\)?[^\\]+\.(conf|conflist)$|\\(source-?vip\w*|net-conf|azure-vnet(-ipam)?)\.json$|\\subnet\.env$'
  $Files = Get-KubeFile $Pattern | Where-Object { $_.Length -lt 1048576 }
  $Files | Select-Object -Property 'Length', 'LastWriteTimeUtc', 'FullName' | Format-Table -AutoSize | Show-Text
  foreach ($File in $Files) {
    $Lines = Get-Content -LiteralPath $File.FullName -Encoding UTF8
    if ($null -eq $Lines) { continue }
    Start-File "cni/$(Get-BundlePath $File.FullName)"
    $Lines | Hide-Secret
  }
}
Section logs logs/list.txt {
  $Since = (Get-Date).AddDays(-$Options.logDays)
  $Logs = Get-KubeFile '(?i)(kubelet|kube-?proxy|flannel|containerd|calico|felix|rke2|azure-vnet|azure-cns|antrea|cni|hns)[^\\]*\.(log|err|out)$|\\logs?\\[^\\]+\.log$' |
    Where-Object { $_.LastWriteTime -gt $Since }
  $Logs | Select-Object -Property 'Length', 'LastWriteTimeUtc', 'FullName' | Format-Table -AutoSize | Show-Text
  foreach ($File in $Logs) { Show-Log $File }
}
Section pod-logs logs/pods.txt {
  # kubelet keeps the logs of pods at this path on its own drive; no setting moves it.
  $Since = (Get-Date).AddDays(-$Options.logDays)
  $Drives = Get-KubeFolder | ForEach-Object { Split-Path -Qualifier $_ } | Sort-Object -Unique
  $Logs = foreach ($Drive in $Drives) {
    Get-ChildItem -LiteralPath "$Drive\var\log\pods" -File -Recurse -Depth 3 -Filter *.log -ErrorAction SilentlyContinue |
      Where-Object { $_.FullName -match '(?i)kube-?proxy|flannel|calico|felix|antrea|ovn|azure-c|csi' -and $_.LastWriteTime -gt $Since }
  }
  $Logs | Select-Object -Property 'Length', 'LastWriteTimeUtc', 'FullName' | Format-Table -AutoSize | Show-Text
  foreach ($File in $Logs) { Show-Log $File }
}
Section windows-logs logs/windows.txt {
  # How the network and the features of Windows were set up.
  $Logs = Get-ChildItem -Path "$env:windir\logs\NetSetup", "$env:windir\logs\DISM\dism.log", "$env:windir\logs\CBS\CBS.log" -File -ErrorAction SilentlyContinue |
    Where-Object { $_.Name -match '\.(log|txt)$' }
  $Logs | Select-Object -Property 'Length', 'LastWriteTimeUtc', 'FullName' | Format-Table -AutoSize | Show-Text
  foreach ($File in $Logs) { Show-Log $File }
}
Section events winevt/logs.txt {
  $Since = (Get-Date).AddHours(-$Options.eventHours)
  $Logs = Get-WinEvent -ListLog 'System', '*Host-Network-Service*', '*Hyper-V-VmSwitch*', '*Hyper-V-Compute*', '*VFP*' -ErrorAction SilentlyContinue |
    Where-Object { $_.RecordCount -gt 0 -and $_.LogType -ne 'Debug' -and $_.LogType -ne 'Analytical' }
  $Logs | Select-Object -Property 'LogName', 'RecordCount', 'LastWriteTime' | Format-Table -AutoSize | Show-Text
  foreach ($Log in $Logs) {
    Start-File "winevt/$($Log.LogName -replace '[^\w-]', '_').csv"
    Get-WinEvent -FilterHashtable @{ LogName = $Log.LogName; StartTime = $Since } -MaxEvents 2000 -ErrorAction SilentlyContinue |
      Select-Object -Property @{ n = 'TimeCreated'; e = { Get-Date -Date $_.TimeCreated -Format o } }, 'Level', 'LevelDisplayName', 'ProviderName', 'Id', 'Message' |
      ConvertTo-Csv -NoTypeInformation | Hide-Secret
  }
}
Section packet-monitor pktmon.txt {
  Invoke-Tool pktmon.exe status
  Invoke-Tool pktmon.exe list '--all'
  Start-File pktmon-counters.txt
  Invoke-Tool pktmon.exe counters
  Start-Sleep -Seconds $Options.counterSeconds
  Start-File pktmon-counters-2.txt
  Invoke-Tool pktmon.exe counters
}
)

# ---------------------------------------------------------------------------------------------
# Output. A frame is one file: compressed, in lines of base64, with length and SHA-256 behind it.
# ---------------------------------------------------------------------------------------------
$Frame = @{ Number = 0; Section = ''; File = ''; Stream = $null; Rows = @(); Notes = @() }
$Begun = Get-Date -Format o

function Write-Frame([string] $Line) {
  if ($Full) { [Console]::Out.WriteLine($Line) } else { $Line }
}
# A word of the format and text of any kind, in pieces that fit a line.
function Write-Word([string] $Word, [string] $Text) {
  if (-not $Full) { return "@@WB1 $($Word)TEXT $($Text -replace '\s+', ' ')" }
  $Code = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Text))
  for ($At = 0; $At -lt $Code.Length; $At += 60) {
    Write-Frame "@@WB1 $Word $($Code.Substring($At, [Math]::Min(60, $Code.Length - $At)))"
    $Word = 'MORE'
  }
}
function Open-Frame([string] $Section, [string] $File) {
  $Frame.Number += 1
  $Frame.Bytes = 0
  $Frame.Started = Get-Date
  $Frame.Section = $Section
  $Frame.File = $File
  $Frame.Stream = $null
  if ($OutputFolder -ne '') { return }
  if (-not $Full) {
    "@@WB1 BEGIN $($Frame.Number) $Section plain"
    return Write-Word FILE $File
  }
  Write-Frame "@@WB1 BEGIN $($Frame.Number) $Section gzip"
  Write-Word FILE $File
  $Frame.Packed = New-Object -TypeName IO.MemoryStream
  $Frame.Stream = New-Object -TypeName IO.Compression.GZipStream -ArgumentList $Frame.Packed, ([IO.Compression.CompressionMode]::Compress), $true
  $Frame.Hash = [Security.Cryptography.SHA256]::Create()
}
# A file is made when there is something for it: an empty one would say that the node has nothing.
function New-FrameFile {
  $Target = [IO.Path]::Combine($OutputFolder, $Frame.File.Replace('/', '\'))
  $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($Target))
  $Frame.Stream = [IO.File]::Create($Target)
}
function Add-FrameText([string] $Text) {
  $Bytes = [Text.Encoding]::UTF8.GetBytes($Text)
  Add-FrameBytes $Bytes $Bytes.Length
}
function Add-FrameBytes([byte[]] $Bytes, [int] $Count) {
  if ($null -eq $Frame.Stream) { New-FrameFile }
  $Frame.Bytes += $Count
  $Frame.Stream.Write($Bytes, 0, $Count)
  if ($OutputFolder -ne '') { return }
  $null = $Frame.Hash.TransformBlock($Bytes, 0, $Count, $null, 0)
  if ($Frame.Packed.Length -gt 262144) { Write-Packed $false }
}
# What Send-File named: read and written in pieces, so that its size does not matter.
function Add-FrameFile([string] $Path) {
  $Source = [IO.File]::OpenRead($Path)
  try {
    $Bytes = New-Object -TypeName byte[] -ArgumentList 65536
    do {
      $Count = $Source.Read($Bytes, 0, $Bytes.Length)
      if ($Count -gt 0) { Add-FrameBytes $Bytes $Count }
    } until ($Count -le 0)
  } finally { $Source.Dispose() }
}
# Base64 of what is compressed so far; all but the last line hold 57 bytes each.
function Write-Packed([bool] $Last) {
  $Bytes = $Frame.Packed.ToArray()
  $Count = $Bytes.Length
  if (-not $Last) { $Count -= $Count % 57 }
  if ($Count -gt 0) { Write-Frame ([Convert]::ToBase64String($Bytes, 0, $Count, 'InsertLineBreaks')) }
  $Frame.Packed.SetLength(0)
  $Frame.Packed.Write($Bytes, $Count, $Bytes.Length - $Count)
}
function Close-Frame([string] $State, $Notes) {
  $Ms = [int] ((Get-Date) - $Frame.Started).TotalMilliseconds
  if ($OutputFolder -ne '') {
    if ($State -eq 'ok' -and $null -eq $Frame.Stream) { New-FrameFile }
    $Frame.Rows += '{0,-9} {1,12} {2,7} ms  {3,-23} {4}' -f $State, $Frame.Bytes, $Ms, $Frame.Section, $Frame.File
    foreach ($Note in @($Notes) | Select-Object -First 20) { $Frame.Notes += "$($Frame.Section) ($State): $("$Note" -replace '\s+', ' ')" }
    if ($null -ne $Frame.Stream) { $Frame.Stream.Dispose() }
    return
  }
  if ($Full) {
    $Frame.Stream.Dispose()
    Write-Packed $true
  }
  foreach ($Note in @($Notes) | Select-Object -First 20) { Write-Word NOTE "$Note" }
  if ($Full) {
    $null = $Frame.Hash.TransformFinalBlock([byte[]] @(), 0, 0)
    Write-Frame "@@WB1 HASH $([BitConverter]::ToString($Frame.Hash.Hash).Replace('-', '').ToLowerInvariant())"
    Write-Frame "@@WB1 END $($Frame.Number) $($Frame.Bytes) $Ms $State"
  } else {
    "@@WB1 END $($Frame.Number) - $Ms $State"
  }
}

# Runs a section on a runspace of its own, so that it can be stopped; prints while it runs.
function Invoke-Section($Section) {
  Open-Frame $Section.Name $Section.File
  $Shell = [PowerShell]::Create()
  $Shell.Runspace.SessionStateProxy.SetVariable('Options', $Options)
  $Shell.Runspace.SessionStateProxy.SetVariable('ProgressPreference', 'SilentlyContinue')
  $null = $Shell.AddScript("$Shared`n$($Section.Body)")
  $Nothing = New-Object -TypeName 'Management.Automation.PSDataCollection[psobject]'
  $Nothing.Complete()
  $Output = New-Object -TypeName 'Management.Automation.PSDataCollection[psobject]'
  $State = 'ok'
  $Notes = @()
  $Total = 0
  $Clock = [Diagnostics.Stopwatch]::StartNew()
  $Run = $Shell.BeginInvoke($Nothing, $Output)
  do {
    $Ended = $Run.AsyncWaitHandle.WaitOne(50)
    $Text = New-Object -TypeName Text.StringBuilder
    foreach ($Item in $Output.ReadAll()) {
      if ($Item.PSObject.BaseObject -is [hashtable]) {
        if ($Text.Length -gt 0) { Add-FrameText $Text.ToString() }
        $Total += $Text.Length
        $null = $Text.Clear()
        $Marker = $Item.PSObject.BaseObject
        if ($Marker.Content) {
          try { Add-FrameFile $Marker.Content } catch { $State = 'error'; $Notes += "$_" }
        } else {
          Close-Frame 'ok' @()
          Open-Frame $Section.Name $Marker.File
        }
      } else { $null = $Text.Append([string] $Item).Append("`n") }
    }
    if ($Text.Length -gt 0) { Add-FrameText $Text.ToString() }
    $Total += $Text.Length
    if ($Total -gt $Options.sectionBytes) { $State = 'truncated'; $Notes += "stopped after $Total characters" }
    if ($Clock.Elapsed.TotalSeconds -gt $Options.sectionSeconds) { $State = 'timeout'; $Notes += "stopped after $($Options.sectionSeconds) s" }
  } until (($Ended -and $Output.Count -eq 0) -or $State -ne 'ok')
  if ($State -eq 'ok') {
    try { $null = $Shell.EndInvoke($Run) } catch {
      $Reason = if ($_.Exception.InnerException) { $_.Exception.InnerException.Message } else { "$_" }
      $State = if ($Reason -match '^missing: ') { 'missing' } else { 'error' }
      $Notes += $Reason
    }
    $Notes += @($Shell.Streams.Error)
  } else { $null = $Shell.BeginStop($null, $null) }
  Close-Frame $State $Notes
}

# Constrained Language Mode refuses runspaces, compression and time limits: plain lines instead.
function Invoke-SectionPlainly($Section) {
  Open-Frame $Section.Name $Section.File
  $State = 'ok'
  $Notes = @()
  try {
    . $Section.Body | ForEach-Object {
      if ($_ -is [hashtable]) {
        Close-Frame 'ok' @()
        Open-Frame $Section.Name $_.File
      } else { "|$_" -replace "`r?`n", "`n|" }
    }
  } catch {
    $State = if ("$_" -match '^missing: ') { 'missing' } else { 'error' }
    $Notes += "$_"
  }
  Close-Frame $State $Notes
}

if (-not $Full -and $OutputFolder -ne '') { throw 'Constrained Language Mode: run without -OutputFolder and redirect the output to a file.' }
if (-not $Full) { . $Shared }
if ($OutputFolder -eq '') { Write-Frame "@@WB1 HELLO 1 $($ExecutionContext.SessionState.LanguageMode)" }
foreach ($Section in $Sections) {
  if ($Options.include.Count -gt 0 -and $Options.include -notcontains $Section.Name) { continue }
  if ($Options.exclude -contains $Section.Name) { continue }
  if ($Full) { Invoke-Section $Section } else { Invoke-SectionPlainly $Section }
}
if ($OutputFolder -eq '') { Write-Frame "@@WB1 DONE $($Frame.Number)" } else {
  $Report = @("Collected by HNS Workbench from $env:COMPUTERNAME at $Begun", "Done at $(Get-Date -Format o)",
    'PowerShell language mode: FullLanguage', 'Complete.', '') + $Frame.Rows + @('', 'Notes:') + $Frame.Notes
  Open-Frame report collection-report.txt
  Add-FrameText ($Report -join "`n")
  $Frame.Stream.Dispose()
}
