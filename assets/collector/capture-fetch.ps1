<#
  HNS Workbench, end of a packet capture. Windows PowerShell 5.1. Stops the capture of a number,
  converts it where the node can, sends it, and removes everything of it from the node. With
  `include` naming the last section alone it only removes. docs/collector.md explains every line.

  It touches nothing that does not carry the capture's number: no other session, filter, task or file.

  This runs in the frame of the collector (collect.ps1): the same parameters, output and limits, with
  the sections below in the place of the collector's own, and the functions of capture-own.ps1. Each
  section runs whatever became of those before it.

  -Parameters  JSON; beside those of the collector:
    capture   id (a GUID), seconds until the scheduled task of the capture acts, from now
#>
Section capture-stop capture-stop.json {
  $Id = [guid] $Options.capture[0].id
  $Folder = Get-CaptureFolder $Id
  if (Test-Path -LiteralPath $Folder) {
    # What follows may take a while: the scheduled task waits for it.
    $Trigger = New-ScheduledTaskTrigger -Once -At (Get-Date).AddSeconds([int] $Options.capture[0].seconds)
    $null = Set-ScheduledTask -TaskName "HNS Workbench capture $Id" -Trigger $Trigger
    Stop-Capture $Id
  }
  $Trace = Get-ChildItem -LiteralPath $Folder -Filter *.etl -ErrorAction SilentlyContinue | Select-Object -First 1
  ConvertTo-Json -InputObject @{ found = $null -ne $Trace; bytes = [long] $Trace.Length; tool = "$($Trace.BaseName)" }
}
Section capture-packets capture.pcapng {
  $Folder = Get-CaptureFolder $Options.capture[0].id
  $Monitor = "$env:SystemRoot\System32\pktmon.exe"
  $Packets = "$Folder\capture.pcapng"
  if (-not (Test-Path -LiteralPath "$Folder\pktmon.etl")) { throw 'missing: there is no trace of Packet Monitor to convert' }
  if (Test-Path -LiteralPath $Packets) { Remove-Item -LiteralPath $Packets }
  $Verbs = (& $Monitor help) -join ' '
  $Said = if ($Verbs -match '\betl2pcap\b') {
    (& $Monitor etl2pcap "$Folder\pktmon.etl" '--out' $Packets) -join ' '
  } elseif ($Verbs -match '\bpcapng\b') {
    (& $Monitor pcapng "$Folder\pktmon.etl" '-o' $Packets) -join ' '
  } else { throw 'missing: Packet Monitor of this build cannot convert to pcapng' }
  if (-not (Test-Path -LiteralPath $Packets)) { throw "pktmon did not convert it: $Said" }
  Send-File $Packets
}
Section capture-text capture.txt {
  # A pcapng has no place for why a packet was dropped, and where: this text has.
  $Folder = Get-CaptureFolder $Options.capture[0].id
  $Monitor = "$env:SystemRoot\System32\pktmon.exe"
  $Text = "$Folder\capture.txt"
  if (-not (Test-Path -LiteralPath "$Folder\pktmon.etl")) { throw 'missing: there is no trace of Packet Monitor to convert' }
  if (Test-Path -LiteralPath $Text) { Remove-Item -LiteralPath $Text }
  $Said = if (((& $Monitor help) -join ' ') -match '\betl2txt\b') {
    (& $Monitor etl2txt "$Folder\pktmon.etl" '--out' $Text) -join ' '
  } else {
    (& $Monitor format "$Folder\pktmon.etl" '-o' $Text) -join ' '
  }
  if (-not (Test-Path -LiteralPath $Text)) { throw "pktmon did not convert it: $Said" }
  Send-File $Text
}
Section capture-trace capture.etl {
  # As it was captured, where it could not be converted.
  $Folder = Get-CaptureFolder $Options.capture[0].id
  if (Test-Path -LiteralPath "$Folder\capture.pcapng") { throw 'missing: it was converted' }
  $Trace = Get-ChildItem -LiteralPath $Folder -Filter *.etl -ErrorAction SilentlyContinue | Select-Object -First 1
  if ($null -eq $Trace) { throw 'missing: there is no trace' }
  Send-File $Trace.FullName
}
Section capture-cleanup capture-cleanup.json {
  $Left = @(Remove-Capture $Options.capture[0].id)
  ConvertTo-Json -InputObject @{ clean = $Left.Count -eq 0; left = $Left }
}
