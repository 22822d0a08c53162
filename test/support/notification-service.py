"""The service of a desktop that shows notifications (org.freedesktop.Notifications), for tests.

It says each that is shown or closed as a line of JSON, and reads lines of JSON: `[id, action]` was clicked.
"""

import json
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

NAME = "org.freedesktop.Notifications"


def say(*words):
    print(json.dumps(words), flush=True)


class Notifications(dbus.service.Object):
    last = 0

    @dbus.service.method(NAME, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, _app, replaces, _icon, title, body, actions, _hints, _timeout):
        self.last = self.last if replaces else self.last + 1
        shown = int(replaces) or self.last
        labels = [str(action) for action in actions]
        # After the reply: the browser can close it only when it knows its number.
        GLib.idle_add(say, "shown", shown, str(title), str(body), labels)
        return dbus.UInt32(shown)

    @dbus.service.method(NAME, in_signature="u")
    def CloseNotification(self, shown):
        say("closed", int(shown))
        self.NotificationClosed(shown, 3)

    @dbus.service.method(NAME, out_signature="as")
    def GetCapabilities(self):
        return ["actions", "body", "persistence"]

    @dbus.service.method(NAME, out_signature="ssss")
    def GetServerInformation(self):
        return ("tests", "ringkit", "1", "1.2")

    @dbus.service.signal(NAME, signature="us")
    def ActionInvoked(self, shown, action):
        pass

    @dbus.service.signal(NAME, signature="uu")
    def NotificationClosed(self, shown, reason):
        pass


def click(*_):
    line = sys.stdin.readline()
    if not line:
        loop.quit()
        return False
    shown, action = json.loads(line)
    service.ActionInvoked(dbus.UInt32(shown), action)
    return True


dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
name = dbus.service.BusName(NAME, bus)
service = Notifications(bus, "/org/freedesktop/Notifications")
loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, click)
say("ready")
loop.run()
