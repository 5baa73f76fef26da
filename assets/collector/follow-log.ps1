<#
  HNS Workbench, follow a log. Windows PowerShell 5.1. Prints the last lines of one log and then what is
  written to it, until its time is over or nobody reads it any more. It reads only, changes nothing and
  leaves no file behind. Secrets are blanked by the collector's own function (Hide-Secret, which stands
  here byte for byte). docs/collector.md explains it.

  -Parameters  JSON:
    path      the log, one that the collector found on this node
    lines     how many of its last lines come first
    seconds   it ends after this time
#>
param([string] $Parameters = '{}')

# What cannot be printed has no reader: then this ends, too.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$Options = ConvertFrom-Json -InputObject $Parameters

$Shared = {
  # Hide-Secret of the collector
}
# Runs on a runspace of its own, so that it can be ended while it waits for a line.
$Body = {
  Get-Content -LiteralPath $Options.path -Tail $Options.lines -Wait -Encoding UTF8 | ForEach-Object { $_ | Hide-Secret }
}

# A line in base64, so that no console or code page can spoil it, in pieces that fit a line.
function Write-Line([string] $Word, [string] $Text) {
  $Code = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Text))
  for ($At = 0; $At + 60 -lt $Code.Length; $At += 60) { [Console]::Out.WriteLine("@@WB1 PART $($Code.Substring($At, 60))") }
  [Console]::Out.WriteLine("@@WB1 $Word $($Code.Substring($At))")
}

[Console]::Out.WriteLine("@@WB1 HELLO 1 $($ExecutionContext.SessionState.LanguageMode)")
$Shell = [PowerShell]::Create()
$Shell.Runspace.SessionStateProxy.SetVariable('Options', $Options)
$null = $Shell.AddScript("$Shared`n$Body")
$Nothing = New-Object -TypeName 'Management.Automation.PSDataCollection[psobject]'
$Nothing.Complete()
$Output = New-Object -TypeName 'Management.Automation.PSDataCollection[psobject]'
$Clock = [Diagnostics.Stopwatch]::StartNew()
$Beat = [Diagnostics.Stopwatch]::StartNew()
$Run = $Shell.BeginInvoke($Nothing, $Output)
do {
  $Ended = $Run.AsyncWaitHandle.WaitOne(200)
  foreach ($Line in $Output.ReadAll()) { Write-Line LINE ([string] $Line) }
  # Said every few seconds: where nobody hears it any more, this ends.
  if ($Beat.Elapsed.TotalSeconds -gt 5) {
    [Console]::Out.WriteLine('@@WB1 ALIVE')
    $Beat = [Diagnostics.Stopwatch]::StartNew()
  }
} until (($Ended -and $Output.Count -eq 0) -or $Clock.Elapsed.TotalSeconds -gt $Options.seconds)
foreach ($Trouble in $Shell.Streams.Error) { Write-Line NOTE "$Trouble" }
if ($Ended) { [Console]::Out.WriteLine('@@WB1 DONE ended') } else {
  [Console]::Out.WriteLine('@@WB1 DONE time')
  $null = $Shell.BeginStop($null, $null)
}
