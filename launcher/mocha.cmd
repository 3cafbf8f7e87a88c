@echo off
rem The mocha command on Windows. In a clone it builds the distribution if it is missing, then runs; in a distribution it runs.
rem JAVA_HOME: the JDK (17 or newer).  MOCHA_OPTS: options for the JVM.  MOCHA_PLUGINS: folders of plug-in jars.
setlocal enableextensions
set "here=%~dp0"
set "here=%here:~0,-1%"

set "java=java"
set "jdkhome="
if defined JAVA_HOME (
  set "java=%JAVA_HOME%\bin\java.exe"
  set "jdkhome=%JAVA_HOME%"
) else (
  for /f "delims=" %%j in ('where java 2^>nul') do if not defined jdkhome for %%h in ("%%~dpj..") do set "jdkhome=%%~fh"
)
set "jdk=17"
set "vector="
if exist "%jdkhome%\release" (
  for /f "usebackq tokens=2 delims==" %%v in (`findstr /b "JAVA_VERSION=" "%jdkhome%\release"`) do (
    for /f "delims=.+-" %%m in (%%v) do set "jdk=%%m"
  )
  findstr /c:"jdk.incubator.vector" "%jdkhome%\release" >nul && set "vector=--add-modules jdk.incubator.vector"
)
if %jdk% lss 17 (
  echo mocha: Java %jdk% is too old; set JAVA_HOME to a JDK 17 or newer 1>&2
  exit /b 1
)

if exist "%here%\..\bundles" (
  set "home=%here%\.."
) else (
  set "home=%here%\target\mocha"
  if not exist "%here%\target\mocha\bundles" (
    echo mocha: building ^(mvn package, without tests^) ... 1>&2
    pushd "%here%\.."
    call mvn -q -B -pl launcher -am -DskipTests -Dnative.target=own package 1>&2 || (popd & exit /b 1)
    popd
  )
)

set "unsafe="
if %jdk% geq 23 set "unsafe=--sun-misc-unsafe-memory-access=allow"
"%java%" -Xshare:auto -XX:+UseParallelGC --enable-native-access=ALL-UNNAMED %unsafe% %vector% %MOCHA_OPTS% ^
  "-Dmocha.home=%home%" -cp "%home%\bundles\mocha4j-launcher.jar;%home%\lib\*" org.mocha4j.launcher.boot.Main %*
exit /b %errorlevel%
