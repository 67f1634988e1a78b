@echo off
rem The one entry on Windows: gan VERB ...  Uses the published packages. See the script gan for Linux and macOS.
setlocal
set "root=%~dp0"
set "models=%root%models"
if "%GANONNX_MODELS%"=="" set "GANONNX_MODELS=%models%"
if "%DOTNET_GCgen0size%"=="" set "DOTNET_GCgen0size=0x10000000"
if "%1"=="test" goto test
if "%1"=="setup" exit /b 0
if "%1"=="generate" goto inference
if "%1"=="inspect" goto inference
if "%1"=="train" goto training
if "%1"=="export" goto training
echo gan generate^|inspect^|train^|export^|test ...   See README.md. >&2
exit /b 2
:test
shift
dotnet test "%root%GanOnnx.sln" -c Release
exit /b %errorlevel%
:inference
dotnet build "%root%inference\GanOnnx.Cli" -c Release -v quiet --nologo >&2 || exit /b 1
dotnet "%root%artifacts\nuget\bin\GanOnnx.Cli\release\gan-inference.dll" %*
exit /b %errorlevel%
:training
dotnet build "%root%training\GanOnnx.Training.Cli" -c Release -v quiet --nologo >&2 || exit /b 1
dotnet "%root%artifacts\nuget\bin\GanOnnx.Training.Cli\release\gan-training.dll" %*
exit /b %errorlevel%
