@echo off
rem The one entry on Windows: gan VERB ...  The script gan is for Linux and macOS; both do the same.
setlocal
set "root=%~dp0"
if "%~1"=="" goto usage
if "%~1"=="-h" goto usage
if "%~1"=="--help" goto usage
if "%~1"=="help" goto usage
where dotnet >nul 2>nul || (echo gan: the .NET SDK is missing; install version 10 and run this again. >&2 & exit /b 1)
if not defined GANONNX_MODELS set "GANONNX_MODELS=%root%models"
if exist "%root%.gan\cuda" set "Cuda=true"
for %%v in (generate interpolate inspect bench) do if "%~1"=="%%v" goto inference
for %%v in (train export evaluate) do if "%~1"=="%%v" goto training
if "%~1"=="test" goto test
if "%~1"=="setup" goto setup
echo gan: there is no verb '%~1'. >&2
call :list >&2
exit /b 2

:usage
call :list
exit /b 0

:list
echo gan VERB ...  with generate, interpolate, inspect, bench, train, export, evaluate, test or setup [--cuda].
echo gan VERB --help tells a verb's options. See README.md.
exit /b 0

:inference
dotnet build "%root%inference\GanOnnx.Cli" -c Release -v quiet --nologo >&2 || exit /b 1
dotnet "%root%artifacts\bin\GanOnnx.Cli\release\gan-inference.dll" %*
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
