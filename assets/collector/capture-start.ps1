<#
  HNS Workbench, start of a packet capture. Windows PowerShell 5.1. This is the one thing of HNS
  Workbench that changes a node. docs/collector.md explains every line and how to undo it by hand.

  It refuses where a capture of anybody runs or Packet Monitor has filters. First it registers a
  scheduled task that will end the capture and remove everything of it, should nobody come back for
  it; where that fails, nothing is started. The capture is circular: its file does not grow beyond
  its limit.

  This runs in the frame of the collector (collect.ps1): the same parameters, output and limits, with
  the section below in the place of the collector's own, and the functions of capture-own.ps1.

  -Parameters  JSON; beside those of the collector:
    capture   id (a GUID), seconds until the scheduled task acts, megabytes of the file, packetBytes
              (0: whole packets), and what is captured: address, port, protocol; all may be null
#>
Section capture-start capture-start.json {
  $Capture = $Options.capture[0]
  $Id = [guid] $Capture.id
  $Megabytes = [int] $Capture.megabytes
  $PacketBytes = [int] $Capture.packetBytes
  $System = "$env:SystemRoot\System32"
  $Folder = Get-CaptureFolder $Id
  $Notes = @()

  $User = New-Object -TypeName Security.Principal.WindowsPrincipal -ArgumentList ([Security.Principal.WindowsIdentity]::GetCurrent())
  if (-not $User.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) { throw 'refused: only an administrator of the node may capture packets' }

  # Packet Monitor of early builds (Windows Server 2019) cannot say whether it runs: netsh is used there.
  $Monitor = $false
  if (Test-Path -LiteralPath "$System\pktmon.exe") {
    $Monitor = ((& "$System\pktmon.exe" help) -join ' ') -match '\bstatus\b' -and ((& "$System\pktmon.exe" start help) -join ' ') -match '--capture'
  }
  if ($Monitor) {
    # One line says that it does not run, in the language of Windows; of a session it says much more.
    $Status = @(& "$System\pktmon.exe" status | Where-Object { "$_".Trim() -ne '' })
    if ($Status.Count -gt 1) { throw 'refused: Packet Monitor is already running on this node (pktmon status tells more)' }
    $Filters = @(& "$System\pktmon.exe" filter list | Where-Object { $_ -match '^\s*\d+\s' })
    if ($Filters.Count -gt 0) { throw 'refused: Packet Monitor has filters on this node that are not ours to remove (pktmon filter list shows them)' }
  }
  # Exit code 1 says that there is no session.
  $null = & "$System\netsh.exe" trace show status
  if ($LASTEXITCODE -eq 0) { throw 'refused: a netsh trace is already running on this node (netsh trace show status tells more)' }

  # The file, what it is converted to, and room that Windows is left with.
  $Free = (Get-CimInstance -ClassName Win32_LogicalDisk -Filter "DeviceID='$env:SystemDrive'").FreeSpace
  $Needed = 1073741824 + 4 * $Megabytes * 1048576
  if ($Free -lt $Needed) { throw "refused: drive $env:SystemDrive has $([int] ($Free / 1048576)) MB free, and $([int] ($Needed / 1048576)) MB are wanted" }

  # What is captured. Values are numbers, an address as Windows writes it, and words of this script.
  $Address = if ($Capture.address) { [Net.IPAddress] $Capture.address }
  $Six = $Address -and $Address.AddressFamily -eq [Net.Sockets.AddressFamily]::InterNetworkV6
  $Match = @()
  if ($Monitor) {
    if ($Address) { $Match += '-i', "$Address" }
    switch ($Capture.protocol) {
      'tcp' { $Match += '-t', 'TCP' }
      'udp' { $Match += '-t', 'UDP' }
      'icmp' { $Match += '-t', $(if ($Six) { 'ICMPv6' } else { 'ICMP' }) }
    }
    if ($Capture.port) { $Match += '-p', "$([int] $Capture.port)" }
  } else {
    if ($Address) { $Match += "$(if ($Six) { 'IPv6' } else { 'IPv4' }).Address=$Address" }
    switch ($Capture.protocol) {
      'tcp' { $Match += 'Protocol=6' }
      'udp' { $Match += 'Protocol=17' }
      'icmp' { $Match += $(if ($Six) { 'Protocol=58' } else { 'Protocol=1' }) }
    }
    if ($Capture.port) { $Notes += 'netsh trace cannot choose packets by port: those of all ports are captured' }
    if ($PacketBytes -gt 0) { $Match += "PacketTruncateBytes=$PacketBytes" }
  }

  # The node's own way back, before anything is changed that it would have to take back.
  $Task = "HNS Workbench capture $Id"
  $Text = "function Stop-Capture {${function:Stop-Capture}}`nfunction Remove-Capture {${function:Remove-Capture}}`nRemove-Capture '$Id'"
  $Code = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($Text))
  $Action = New-ScheduledTaskAction -Execute "$System\WindowsPowerShell\v1.0\powershell.exe" -Argument "-NoLogo -NoProfile -NonInteractive -EncodedCommand $Code"
  $Trigger = New-ScheduledTaskTrigger -Once -At (Get-Date).AddSeconds([int] $Capture.seconds)
  $Principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount -RunLevel Highest
  $Settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
  $null = Register-ScheduledTask -TaskName $Task -Action $Action -Trigger $Trigger -Principal $Principal -Settings $Settings -Description 'Ends a packet capture of HNS Workbench and removes its files' -ErrorAction Stop
  try {
    if (-not (Get-ScheduledTaskInfo -TaskName $Task -ErrorAction Stop).NextRunTime) { throw 'the scheduled task that would clean up has no time to run at' }

    # Only administrators and the system may read what is captured.
    $null = New-Item -ItemType Directory -Path $Folder -ErrorAction Stop
    $Said = (& "$System\icacls.exe" $Folder /inheritance:r /grant:r '*S-1-5-32-544:(OI)(CI)F' '*S-1-5-18:(OI)(CI)F') -join ' '
    if ($LASTEXITCODE -ne 0) { throw "icacls: $Said" }

    if ($Monitor) {
      $File = "$Folder\pktmon.etl"
      if ($Match.Count -gt 0) {
        # With -e a filter is held against the packets inside of tunnels, too.
        $Said = (& "$System\pktmon.exe" filter add "hnswb-$("$Id".Substring(0, 8))" $Match '-e') -join ' '
        if ($LASTEXITCODE -ne 0) { throw "pktmon filter add: $Said" }
      }
      $Said = (& "$System\pktmon.exe" start '--capture' '--comp' all '--pkt-size' $PacketBytes '--file-name' $File '--file-size' $Megabytes '--log-mode' circular) -join ' '
      if ($LASTEXITCODE -ne 0) { throw "pktmon start: $Said" }
      if (((& "$System\pktmon.exe" status) -join ' ') -notmatch $Id) {
        # It was started a moment ago by the line above, so it is ours all the same.
        $null = & "$System\pktmon.exe" stop
        throw 'pktmon of this build does not say which file it writes to'
      }
    } else {
      $File = "$Folder\netsh.etl"
      $Said = (& "$System\netsh.exe" trace start capture=yes capturetype=both captureMultilayer=yes report=disabled correlation=disabled persistent=no overwrite=yes filemode=circular "maxsize=$Megabytes" "tracefile=$File" $Match) -join ' '
      if ($LASTEXITCODE -ne 0) { throw "netsh trace start: $Said" }
      if (((& "$System\netsh.exe" trace show status) -join ' ') -notmatch $Id) {
        $null = & "$System\netsh.exe" trace stop
        throw 'netsh does not say which file it writes to'
      }
    }
    ConvertTo-Json -InputObject @{ tool = $(if ($Monitor) { 'pktmon' } else { 'netsh' }); folder = $Folder; task = $Task; notes = $Notes }
  } catch {
    $Reason = "$_"
    $Left = @(Remove-Capture $Id)
    if ($Left.Count -gt 0) { throw "$Reason; left on the node: $($Left -join ', ')" }
    throw "refused: $Reason"
  }
}
