@echo off
rem The one entry on Windows: gan VERB ...  Builds against the published packages. The script gan is for Linux and macOS.
setlocal
set "root=%~dp0"
if "%GANONNX_MODELS%"=="" set "GANONNX_MODELS=%root%models"
where dotnet >nul 2>nul || (echo gan: the .NET SDK is missing; install version 10 and run this again. >&2 & exit /b 1)
if "%1"=="test" goto test
if "%1"=="generate" goto inference
if "%1"=="interpolate" goto inference
if "%1"=="inspect" goto inference
if "%1"=="bench" goto inference
if "%1"=="train" goto training
if "%1"=="export" goto training
if "%1"=="evaluate" goto training
if "%1"=="setup" (
  echo gan: nothing to set up on Windows: the published packages are restored as they are needed. Before training on CUDA: set Cuda=true >&2
  exit /b 0
)
echo gan VERB ...  with generate, interpolate, inspect, bench, train, export, evaluate or test. gan VERB --help tells a verb's options. See README.md. >&2
if "%1"=="--help" exit /b 0
exit /b 2

:test
set "arguments="
:next
shift
if not "%~1"=="" (
  set "arguments=%arguments% %1"
  goto next
)
dotnet test "%root%GanOnnx.sln" -c Release %arguments%
exit /b %errorlevel%

:inference
dotnet build "%root%inference\GanOnnx.Cli" -c Release -v quiet --nologo >&2 || exit /b 1
dotnet "%root%artifacts\nuget\bin\GanOnnx.Cli\release\gan-inference.dll" %*
exit /b %errorlevel%

:training
if "%DOTNET_GCgen0size%"=="" set "DOTNET_GCgen0size=0x10000000"
dotnet build "%root%training\GanOnnx.Training.Cli" -c Release -v quiet --nologo >&2 || exit /b 1
dotnet "%root%artifacts\nuget\bin\GanOnnx.Training.Cli\release\gan-training.dll" %*
exit /b %errorlevel%
