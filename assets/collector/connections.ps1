<#
  HNS Workbench, connections of the node. Windows PowerShell 5.1. Opens TCP connections from the node
  to addresses that it is given, closes each at once, and prints which were answered. It sends no
  data, changes nothing and leaves no file behind. docs/collector.md explains it.

  This runs in the frame of the collector (collect.ps1): the same parameters, output and limits, with
  the section below in the place of the collector's own.

  -Parameters  JSON; beside those of the collector:
    legs   what is connected to: name (of the result), host, port
#>
Section connections connections.Pester.txt {
  'Describing Connections of this node'
  foreach ($Leg in $Options.legs) {
    $Family = if ("$($Leg.host)" -match ':') { [Net.Sockets.AddressFamily]::InterNetworkV6 } else { [Net.Sockets.AddressFamily]::InterNetwork }
    $Client = New-Object -TypeName Net.Sockets.TcpClient -ArgumentList $Family
    $Clock = [Diagnostics.Stopwatch]::StartNew()
    $Trouble = ''
    try {
      $Connect = $Client.ConnectAsync([string] $Leg.host, [int] $Leg.port)
      if (-not $Connect.Wait(3000)) { $Trouble = 'no answer within 3 s' }
    } catch { $Trouble = "$($_.Exception.GetBaseException().Message)" }
    $Took = $Clock.ElapsedMilliseconds
    $Client.Close()
    if ($Trouble -eq '') { "  [+] $($Leg.name) $($Took)ms" } else {
      "  [-] $($Leg.name) $($Took)ms"
      "    $($Trouble -replace '\s+', ' ')"
    }
  }
}
