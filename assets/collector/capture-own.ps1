  # Everything that a capture changes on the node carries its number: the folder, the file that is
  # captured to, the filter and the scheduled task. What does not carry it is not touched.
  function Get-CaptureFolder([guid] $Id) { "$env:SystemRoot\Temp\hns-workbench-capture-$Id" }

  # Ends the session of this capture and takes its filter back.
  function Stop-Capture {
    param([guid] $Id)
    $System = "$env:SystemRoot\System32"
    if (Test-Path -LiteralPath "$System\pktmon.exe") {
      # Packet Monitor and netsh say which file they write to. Only this capture's file has its number.
      # Lines are joined as they are: Out-String would break them at 80 columns, within the number.
      if (((& "$System\pktmon.exe" status) -join ' ') -match $Id) { $null = & "$System\pktmon.exe" stop }
      # Filters can only be removed all at once: not while there are others among them.
      $Filters = @(& "$System\pktmon.exe" filter list | Where-Object { $_ -match '^\s*\d+\s' })
      $Own = @($Filters | Where-Object { $_ -match "hnswb-$("$Id".Substring(0, 8))" })
      if ($Own.Count -gt 0 -and $Own.Count -eq $Filters.Count) { $null = & "$System\pktmon.exe" filter remove }
    }
    if (((& "$System\netsh.exe" trace show status) -join ' ') -match $Id) { $null = & "$System\netsh.exe" trace stop }
  }

  # Takes back all that this capture changed, and says what could not be. The scheduled task that is
  # registered before a capture begins runs this and nothing else.
  function Remove-Capture {
    param([guid] $Id)
    $System = "$env:SystemRoot\System32"
    $Folder = "$env:SystemRoot\Temp\hns-workbench-capture-$Id"
    $Task = "HNS Workbench capture $Id"
    Stop-Capture $Id
    if (Test-Path -LiteralPath $Folder) { Remove-Item -LiteralPath $Folder -Recurse -Force }
    $Left = @()
    if (Test-Path -LiteralPath "$System\pktmon.exe") {
      if (((& "$System\pktmon.exe" status) -join ' ') -match $Id) { $Left += 'the session of Packet Monitor' }
      if (((& "$System\pktmon.exe" filter list) -join ' ') -match "hnswb-$("$Id".Substring(0, 8))") { $Left += 'its filter' }
    }
    if (((& "$System\netsh.exe" trace show status) -join ' ') -match $Id) { $Left += 'the session of netsh trace' }
    if (Test-Path -LiteralPath $Folder) { $Left += "the folder $Folder" }
    # The task goes last, and stays as long as there is something left for it to do.
    if ($Left.Count -eq 0 -and (Get-ScheduledTask -TaskName $Task -ErrorAction SilentlyContinue)) {
      Unregister-ScheduledTask -TaskName $Task -Confirm:$false
    }
    if (Get-ScheduledTask -TaskName $Task -ErrorAction SilentlyContinue) { $Left += "the scheduled task $Task" }
    $Left
  }
