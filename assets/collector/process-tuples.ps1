<#
  HNS Workbench, question to the switch. Windows PowerShell 5.1. Asks VFP how it would treat packets
  that are described by their addresses and ports. No packet is sent, nothing is changed, no file is
  left behind. docs/collector.md explains it.

  This runs in the frame of the collector (collect.ps1): the same parameters, output and limits, with
  the section below in the place of the collector's own.

  -Parameters  JSON; beside those of the collector:
    tuples   what is asked: port (a VFP port), tuple (protocol, addresses, ports, direction, flags)
#>
Section process-tuples process-tuples.txt {
  foreach ($Question in $Options.tuples) {
    "Asked of port $($Question.port): $($Question.tuple)"
    Invoke-Tool vfpctrl.exe /port $Question.port /process-tuples $Question.tuple | ForEach-Object { "| $_" }
  }
}
