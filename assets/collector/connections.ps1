<#
  HNS Workbench, connections of the node and of its pods. Windows PowerShell 5.1. Opens TCP connections
  and asks for names, from the node itself and from inside of containers, and prints what was answered.
  It sends no data over the connections, changes nothing and leaves no file behind. docs/collector.md
  explains it.

  This runs in the frame of the collector (collect.ps1): the same parameters, output and limits, with
  the sections below in the place of the collector's own.

  -Parameters  JSON; beside those of the collector:
    legs      what the node connects to: name (of the result), host, port
    lookups   what the node asks for: name, server
    asks      what is run inside of containers: number, runtime (containerd, docker), container (its id),
              program (ipconfig, nslookup, curl), and name and server, or host and port
#>
Section host-connections connections.Pester.txt {
  'Describing Connections of this node'
  foreach ($Leg in $Options.legs) {
    $Family = if ("$($Leg.host)" -match ':') { [Net.Sockets.AddressFamily]::InterNetworkV6 } else { [Net.Sockets.AddressFamily]::InterNetwork }
    $Client = New-Object -TypeName Net.Sockets.TcpClient -ArgumentList $Family
    $Clock = [Diagnostics.Stopwatch]::StartNew()
    $Trouble = ''
    $Mark = '-'
    try {
      $Connect = $Client.ConnectAsync([string] $Leg.host, [int] $Leg.port)
      if (-not $Connect.Wait(3000)) { $Trouble = 'no answer within 3 s' }
    } catch {
      $Reason = $_.Exception.GetBaseException()
      $Trouble = "$($Reason.Message)"
      # Refused: the address is reached. Whether somebody should listen there is not known.
      if ($Reason.NativeErrorCode -eq 10061) { $Mark = '?' }
    }
    $Took = $Clock.ElapsedMilliseconds
    $Client.Close()
    if ($Trouble -eq '') { "  [+] $($Leg.name) $($Took)ms" } else {
      "  [$Mark] $($Leg.name) $($Took)ms"
      "    $($Trouble -replace '\s+', ' ')"
    }
  }
}
Section host-lookups host-lookups.txt {
  # Straight at the server, over UDP, past the hosts file and the cache.
  foreach ($Lookup in $Options.lookups) {
    "PS C:\> Resolve-DnsName -Name $($Lookup.name) -Server $($Lookup.server) -Type A -DnsOnly"
    try {
      Resolve-DnsName -Name $Lookup.name -Server $Lookup.server -Type A -DnsOnly -NoHostsFile -QuickTimeout -ErrorAction Stop | Show-Text
    } catch { "Resolve-DnsName : $($_.Exception.Message -replace '\s+', ' ')" }
    ''
  }
}
Section inside-containers inside-containers.txt {
  # Three programs of Windows, run in a container that runs already; an image may lack them. What they
  # print is marked, so that the exit code below it is known from it.
  $Endpoint = Get-RuntimeEndpoint
  $Containerd = 'containerd'
  try { $null = Find-Tool crictl.exe } catch { $Containerd = 'ctr' }
  foreach ($Ask in $Options.asks) {
    Start-File "inside-containers/$($Ask.number).txt"
    $Id = [string] $Ask.container
    $Way = [string] $Ask.runtime
    if ($Way -eq 'containerd') { $Way = $Containerd }
    $Task = "hns-workbench-$($Ask.number)"
    $Server = @($Ask.server | Where-Object { $_ })
    $To = "telnet://$($Ask.host):$($Ask.port)"
    "By $Way"
    switch ("$Way $($Ask.program)") {
      'containerd ipconfig' { Invoke-Tool crictl.exe '--runtime-endpoint' $Endpoint exec $Id ipconfig.exe /all 2>&1 | ForEach-Object { "| $_" } }
      'containerd nslookup' { Invoke-Tool crictl.exe '--runtime-endpoint' $Endpoint exec $Id nslookup.exe '-timeout=2' '-retry=1' $Ask.name @Server 2>&1 | ForEach-Object { "| $_" } }
      'containerd curl' { Invoke-Tool crictl.exe '--runtime-endpoint' $Endpoint exec $Id curl.exe '-sv' '--noproxy' '*' '--connect-timeout' 3 '-m' 4 $To 2>&1 | ForEach-Object { "| $_" } }
      'ctr ipconfig' { Invoke-Tool ctr.exe '-n' k8s.io tasks exec '--exec-id' $Task $Id ipconfig.exe /all 2>&1 | ForEach-Object { "| $_" } }
      'ctr nslookup' { Invoke-Tool ctr.exe '-n' k8s.io tasks exec '--exec-id' $Task $Id nslookup.exe '-timeout=2' '-retry=1' $Ask.name @Server 2>&1 | ForEach-Object { "| $_" } }
      'ctr curl' { Invoke-Tool ctr.exe '-n' k8s.io tasks exec '--exec-id' $Task $Id curl.exe '-sv' '--noproxy' '*' '--connect-timeout' 3 '-m' 4 $To 2>&1 | ForEach-Object { "| $_" } }
      'docker ipconfig' { Invoke-Tool docker.exe exec $Id ipconfig.exe /all 2>&1 | ForEach-Object { "| $_" } }
      'docker nslookup' { Invoke-Tool docker.exe exec $Id nslookup.exe '-timeout=2' '-retry=1' $Ask.name @Server 2>&1 | ForEach-Object { "| $_" } }
      'docker curl' { Invoke-Tool docker.exe exec $Id curl.exe '-sv' '--noproxy' '*' '--connect-timeout' 3 '-m' 4 $To 2>&1 | ForEach-Object { "| $_" } }
    }
    "Exit $LASTEXITCODE"
  }
}
