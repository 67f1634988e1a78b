@echo off
rem The one entry on Windows: gan VERB ...  The script gan is for Linux and macOS; both do the same.
rem docs\verbs\PROGRAM\VERB.txt is each verb's help, and where it lies tells what runs it: inference, server, training, or this script.
setlocal
set "root=%~dp0"
for %%h in ("" "-h" "--help" "help") do if "%~1"==%%h (call :verbs & exit /b 0)
rem What PowerShell's completion asks: of the verbs that need no TorchSharp, once their program is built.
set "first=%~1"
if "%first:~0,9%"=="[suggest:" (
  if exist "%root%artifacts\bin\GanOnnx.Cli\release\gan-inference.dll" dotnet "%root%artifacts\bin\GanOnnx.Cli\release\gan-inference.dll" %*
  exit /b 0
)
set program=
for %%p in (inference server training script) do if exist "%root%docs\verbs\%%p\%~1.txt" set "program=%%p"
if not defined program (
  echo gan: there is no verb '%~1'. >&2
  call :verbs >&2
  exit /b 2
)
for %%a in (%*) do for %%h in ("-h" "--help") do if "%%~a"==%%h (type "%root%docs\verbs\%program%\%~1.txt" & exit /b 0)
if /i "%~1"=="completion" goto completion
where dotnet >nul 2>nul || (echo gan: the .NET SDK is missing; install version 10 and run this again. >&2 & exit /b 1)
if not defined GANONNX_MODELS set "GANONNX_MODELS=%root%models"
if exist "%root%.gan\cuda" set "Cuda=true"
if "%program%"=="script" goto %~1
goto %program%

:verbs
echo gan VERB ...
echo.
for %%p in (inference server training script) do for %%f in ("%root%docs\verbs\%%p\*.txt") do (
  set /p line=<"%%f"
  setlocal enabledelayedexpansion
  echo   !line!
  endlocal
)
echo.
echo gan VERB --help tells a verb's options. The first run of a verb gets what it needs and says so.
exit /b 0

:completion
for %%s in (bash zsh pwsh) do if "%~2"=="%%s" (type "%root%inference\GanOnnx.CommandLine\completion\%%s" & exit /b 0)
echo gan: completion takes bash, zsh or pwsh. >&2
exit /b 2

:inference
dotnet build "%root%inference\GanOnnx.Cli" -c Release -v quiet --nologo >&2 || exit /b 1
dotnet "%root%artifacts\bin\GanOnnx.Cli\release\gan-inference.dll" %*
exit /b %errorlevel%

:server
dotnet build "%root%inference\GanOnnx.Server.Cli" -c Release -v quiet --nologo >&2 || exit /b 1
dotnet "%root%artifacts\bin\GanOnnx.Server.Cli\release\gan-serve.dll" %*
exit /b %errorlevel%

:training
if not defined DOTNET_GCgen0size set "DOTNET_GCgen0size=0x10000000"
dotnet build "%root%training\GanOnnx.Training.Cli" -c Release -v quiet --nologo >&2 || exit /b 1
dotnet "%root%artifacts\bin\GanOnnx.Training.Cli\release\gan-training.dll" %*
exit /b %errorlevel%

:test
set arguments=
:next
shift
if "%~1"=="" goto run_tests
set arguments=%arguments% %1
goto next
:run_tests
dotnet test "%root%GanOnnx.sln" -c Release --nologo %arguments%
exit /b %errorlevel%

:setup
if not exist "%root%.gan" mkdir "%root%.gan"
if "%~2"=="--cuda" (echo.>"%root%.gan\cuda" & set "Cuda=true") else if "%~2"=="" (del "%root%.gan\cuda" 2>nul & set "Cuda=") else (
  echo gan: setup takes --cuda or nothing. >&2
  exit /b 2
)
dotnet build "%root%inference\GanOnnx.Cli" -c Release -v quiet --nologo >&2 || exit /b 1
dotnet build "%root%training\GanOnnx.Training.Cli" -c Release -v quiet --nologo >&2 || exit /b 1
exit /b 0
