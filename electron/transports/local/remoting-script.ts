/** Exit code of the script when the session could not be made or broke. */
export const EXIT_FAILED = 7;

/**
 * What this computer's PowerShell runs to reach a node by Windows' own remoting, as the user who is
 * signed in. It never changes: the node's name, the command and its input come as one JSON document
 * on standard input, are bound as data, and never become part of a command. What the command prints
 * there is printed here. The session ends one minute after this computer has gone.
 */
export const REMOTING_SCRIPT = `$ProgressPreference='SilentlyContinue'
function Stop-Failed($Id,$Text){
  $Code=[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("$Text"))
  [Console]::Error.WriteLine("@@WB1 FAILED $($Id -replace '\\s','_') $Code")
  exit ${EXIT_FAILED}
}
$Given=ConvertFrom-Json -InputObject (@($input) -join '')
$To=@{ComputerName=$Given.computer;SessionOption=(New-PSSessionOption -IdleTimeout 60000 -OpenTimeout 20000 -NoMachineProfile)}
if($Given.port){$To.Port=$Given.port}
if($Given.tls){$To.UseSSL=$true}
try{$Session=New-PSSession @To -ErrorAction Stop}catch{Stop-Failed $_.FullyQualifiedErrorId $_}
$Ended=@{}
try{
  Invoke-Command -Session $Session -ArgumentList $Given.program,$Given.arguments,$Given.lines -ScriptBlock {
    param([string]$Program,[string[]]$Arguments,[string[]]$Lines)
    $Lines | & $Program $Arguments
    @{ExitCode=$LASTEXITCODE}
  } | ForEach-Object {if($_ -is [hashtable]){$Ended.Code=$_.ExitCode}else{[Console]::Out.WriteLine("$_")}}
}finally{Remove-PSSession -Session $Session}
if($null -eq $Ended.Code){Stop-Failed 'SessionBroken' 'The session ended before the command did.'}
exit $Ended.Code
`;
